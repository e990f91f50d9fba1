// Who is logged in, the one client, and how failures are said.
import { createApi, ProblemError, unwrap, type Schemas } from '@fenqi/api'
import { ElMessage } from 'element-plus/es/components/message/index'
import { ref } from 'vue'
import { pick, t } from './texts'

export const me = ref<Schemas['StaffMe'] | null>(null)

const api = createApi({
  tokenPath: '/staff/me',
  openPaths: ['/staff/sessions', '/status'],
  onLoggedOut() {
    me.value = null
  },
})

export const client = api.client

/** Take up a session: after logging in, or when the page is opened again. */
export function signedIn(staff: Schemas['StaffMe']): void {
  api.setToken(staff.csrf_token)
  me.value = staff
}

/** Ask who is logged in; false when nobody is. */
export async function resume(): Promise<boolean> {
  if (me.value) return true
  try {
    signedIn(await unwrap(client.GET('/staff/me')))
    return true
  } catch {
    return false
  }
}

/** What a failure says, in the language in use. */
export function problemLine(error: unknown): string {
  if (!(error instanceof ProblemError)) return t('network')
  const p = error.problem
  return pick(p.detail, p.detail_en) || pick(p.title, p.title_en)
}

export function showProblem(error: unknown): void {
  ElMessage({ message: problemLine(error), type: 'error', duration: 6000, showClose: true })
}

export function showDone(text: string): void {
  ElMessage({ message: text, type: 'success', duration: 2500 })
}
