// The app's one client, and what it knows about who is logged in.
import { createApi, ProblemError, type Schemas } from '@fenqi/api'
import { language, t } from '@fenqi/i18n'
import { reactive } from 'vue'
import { goToLogin } from './router'

const api = createApi({
  tokenPath: '/account',
  openPaths: ['/account/codes', '/account/sessions', '/account/register', '/checkout/{token}', '/verify/{receipt_no}', '/demo/codes', '/status'],
  onLoggedOut: goToLogin,
})

export const client = api.client

/** unread counts, as last told by the server; shown on the tabs */
export const unread = reactive({ messages: 0, notices: 0 })

/** Take up a fresh login. */
export function loggedIn(account: Schemas['Account']): void {
  api.setToken(account.csrf_token)
  unread.messages = account.unread_messages
  unread.notices = account.unread_notices
}

/** What a failure says, in the customer's language. */
export function problemText(error: unknown): { title: string; detail: string } {
  if (!(error instanceof ProblemError)) return { title: t('wrong.title'), detail: t('wrong.detail') }
  const p = error.problem
  return language.value === 'zh'
    ? { title: p.title, detail: p.detail }
    : { title: p.title_en, detail: p.detail_en }
}

/** The same as one line. */
export function problemLine(error: unknown): string {
  const { title, detail } = problemText(error)
  const joint = language.value === 'zh' ? '。' : '. '
  return detail ? `${title.replace(/[。.]$/, '')}${joint}${detail}` : title
}

export { ProblemError }
