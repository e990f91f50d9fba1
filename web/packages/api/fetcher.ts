// createFetcher(): the calls GET, POST, PUT and DELETE with the types of openapi-fetch's client. Only
// its types are used: its code weighs four times this file, and a first visit pays for every byte.
import type { Client } from 'openapi-fetch'
import type { paths } from './schema'

export interface FetcherOptions {
  base: string
  /** may add headers before a call is sent */
  onRequest: (method: string, path: string, headers: Headers) => Promise<void>
  /** told the code of every problem; true: send the call once more */
  onProblem: (path: string, code: string) => boolean
  timeout_ms: number
}

interface CallInit {
  params?: {
    path?: Record<string, string>
    query?: Record<string, string | number | boolean | undefined>
    header?: Record<string, string>
  }
  body?: unknown
}

export type Fetcher = Pick<Client<paths>, 'GET' | 'POST' | 'PUT' | 'DELETE'>

export function createFetcher(options: FetcherOptions): Fetcher {
  async function call(method: string, path: string, init: CallInit = {}, again = false): Promise<unknown> {
    const { path: inPath, query, header } = init.params ?? {}
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath?.[name] ?? ''))
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) search.set(name, String(value))
    }
    const text = search.toString()
    const headers = new Headers({ Accept: 'application/json', ...header })
    if (init.body !== undefined) headers.set('Content-Type', 'application/json')
    await options.onRequest(method, path, headers)
    const response = await fetch(options.base + filled + (text && `?${text}`), {
      method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(options.timeout_ms),
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    if (response.status === 204) return { data: undefined, response }
    if (response.ok) return { data: await response.json(), response }
    const error = (await response.json().catch(() => undefined)) as { code?: string } | undefined
    const repeat = options.onProblem(path, error?.code ?? '')
    return repeat && !again ? call(method, path, init, true) : { error, response }
  }
  const bind = (method: string) => (path: string, init?: CallInit) => call(method, path, init)
  return { GET: bind('GET'), POST: bind('POST'), PUT: bind('PUT'), DELETE: bind('DELETE') } as unknown as Fetcher
}
