// t(): texts by type-checked key. The Chinese texts of the first pages come with the app, the others
// with the first page that needs them (loadTexts), English when it is chosen.
// both(): the fitting one of two texts that the server sent (`label_zh`, `label_en`).
import { ref, shallowRef } from 'vue'
import { zhCore } from './zh-core'

export type Language = 'zh' | 'en'
export type Key = keyof typeof zhCore | keyof typeof import('./zh-more').zhMore
export type Catalogue = Record<Key, string>

const STORE = 'fenqi-language'

export const language = ref<Language>('zh')
const catalogue = shallowRef<Partial<Catalogue>>(zhCore)

/** The text of a key; `{name}` in it is replaced by values.name. */
export function t(key: Key, values?: Record<string, string | number>): string {
  const text = catalogue.value[key] ?? ''
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

type Texts<Name extends string> = { [K in `${Name}_zh` | `${Name}_en`]?: string | null | undefined }

/** The text `name` of something that the server sent in both languages. */
export function both<Name extends string>(from: Texts<Name>, name: Name): string {
  const texts = from as Record<string, string | null | undefined>
  return (language.value === 'zh' ? texts[`${name}_zh`] : texts[`${name}_en`]) ?? ''
}

/** Every text of the language in use; to be awaited before a page that is not one of the first. */
export async function loadTexts(): Promise<void> {
  if (language.value === 'en') catalogue.value = (await import('./en')).en
  else catalogue.value = { ...zhCore, ...(await import('./zh-more')).zhMore }
}

/** Switch the language and remember it on this device. */
export async function setLanguage(next: Language): Promise<void> {
  const texts = next === 'en' ? (await import('./en')).en : { ...zhCore, ...(await import('./zh-more')).zhMore }
  catalogue.value = texts
  language.value = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(STORE, next)
  } catch {
    // a browser without storage forgets the choice, nothing else
  }
}

/** Take up the language chosen before; Chinese when none was. */
export async function startLanguage(): Promise<void> {
  let stored: string | null = null
  try {
    stored = localStorage.getItem(STORE)
  } catch {
    stored = null
  }
  if (stored === 'en') await setLanguage('en')
}
