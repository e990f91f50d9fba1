// One short message at a time, spoken to screen readers too.
import { ref } from 'vue'

export const toastText = ref('')
let timer: ReturnType<typeof setTimeout> | undefined

export function toast(text: string, duration_ms = 4000): void {
  toastText.value = text
  clearTimeout(timer)
  timer = setTimeout(() => (toastText.value = ''), duration_ms)
}
