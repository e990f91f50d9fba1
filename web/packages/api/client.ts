// createApi(): the fetch client of one audience (customer or staff). It sends the CSRF token,
// fetches it when it is not known yet, and turns every failure into a ProblemError.
import { createFetcher } from './fetcher'
import { isProblem, networkProblem, ProblemError, strangeAnswerProblem } from './problem'
import type { components } from './schema'

export type Schemas = components['schemas']

interface ApiOptions {
  /** where the token can be fetched when a call needs one that is not known yet */
  tokenPath: '/account' | '/staff/me'
  /** told when an answer says that nobody is logged in */
  onLoggedOut: () => void
  /** calls that need nobody to be logged in */
  openPaths: readonly string[]
}

const TIMEOUT_MS = 20_000

export function createApi(options: ApiOptions) {
  let token = ''
  const base = '/api/v1'

  async function fetchToken(): Promise<string> {
    const answer = await fetch(base + options.tokenPath, { credentials: 'same-origin' })
    if (!answer.ok) return ''
    const body = (await answer.json()) as { csrf_token?: string }
    return body.csrf_token ?? ''
  }

  const client = createFetcher({
    base,
    timeout_ms: TIMEOUT_MS,
    async onRequest(method, path, headers) {
      if (method === 'GET' || options.openPaths.includes(path)) return
      if (!token) token = await fetchToken()
      headers.set('X-CSRF-Token', token)
    },
    onProblem(path, code) {
      if (code === 'not_logged_in' && !options.openPaths.includes(path)) {
        token = ''
        options.onLoggedOut()
      }
      if (code !== 'csrf_invalid') return false
      // the token belongs to a session that is over: fetch the new one and send the call again
      token = ''
      return true
    },
  })

  return {
    client,
    setToken(value: string) {
      token = value
    },
  }
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer, or a ProblemError. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await unwrapWithResponse(call)
  return answer.data
}

/** As unwrap(), with the response for its headers (ETag). */
export async function unwrapWithResponse<T>(
  call: Promise<Answer<T>>,
): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch {
    throw new ProblemError(networkProblem())
  }
  if (answer.response.ok) return { data: answer.data as T, response: answer.response }
  const retry = Number(answer.response.headers.get('Retry-After'))
  const problem = isProblem(answer.error)
    ? answer.error
    : strangeAnswerProblem(answer.response.status)
  throw new ProblemError(problem, retry > 0 ? retry : null)
}
