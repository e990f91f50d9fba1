// The client of the API: idempotency keys, problems, unwrapping.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApi, keyAnswered, keyFor, ProblemError, unwrap } from './index'

const fetcher = vi.fn()
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers })
const problem = (status: number, code: string) =>
  json(status, { type: `/problems/${code}`, title: '题', title_en: 'T', status, code, detail: '', detail_en: '', instance: 'i' })

function api() {
  const onLoggedOut = vi.fn()
  const made = createApi({ tokenPath: '/account', onLoggedOut, openPaths: ['/account/sessions'] })
  return { ...made, onLoggedOut }
}
const call = (n: number) => fetcher.mock.calls[n] as [string, RequestInit & { headers: Headers }]

beforeEach(() => {
  fetcher.mockReset()
  vi.stubGlobal('fetch', fetcher)
  sessionStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

describe('client', () => {
  it('fills in paths and queries', async () => {
    fetcher.mockImplementation(async () => json(200, { items: [], next_cursor: null }))
    const { client } = api()
    await client.GET('/orders', { params: { query: { state: 'due', limit: 5 } } })
    await client.GET('/orders/{order_id}', { params: { path: { order_id: 'D/1' } } })
    expect(call(0)[0]).toBe('/api/v1/orders?state=due&limit=5')
    expect(call(1)[0]).toBe('/api/v1/orders/D%2F1')
  })
  it('fetches the token before the first change and sends it with each', async () => {
    fetcher.mockResolvedValueOnce(json(200, { csrf_token: 'tok' })).mockResolvedValue(json(204, undefined))
    const { client } = api()
    await client.POST('/notices/read')
    await client.POST('/chat/typing')
    expect(fetcher.mock.calls.map((c) => c[0])).toEqual(['/api/v1/account', '/api/v1/notices/read', '/api/v1/chat/typing'])
    expect(call(1)[1].headers.get('X-CSRF-Token')).toBe('tok')
    expect(call(2)[1].headers.get('X-CSRF-Token')).toBe('tok')
  })
  it('sends a call once more, with a new token, when the old one no longer holds', async () => {
    const { client, setToken } = api()
    setToken('old')
    fetcher
      .mockResolvedValueOnce(problem(403, 'csrf_invalid'))
      .mockResolvedValueOnce(json(200, { csrf_token: 'new' }))
      .mockResolvedValueOnce(json(204, undefined))
    await unwrap(client.POST('/chat/typing'))
    expect(call(2)[1].headers.get('X-CSRF-Token')).toBe('new')
    fetcher.mockReset()
    fetcher.mockImplementation(async (url: string) => (url.endsWith('/account') ? json(200, { csrf_token: 'x' }) : problem(403, 'csrf_invalid')))
    await expect(unwrap(client.POST('/chat/typing'))).rejects.toThrow('csrf_invalid')
    expect(fetcher.mock.calls.length).toBeLessThanOrEqual(4)
  })
  it('tells when nobody is logged in, but not for a wrong password', async () => {
    const { client, onLoggedOut } = api()
    fetcher.mockResolvedValueOnce(problem(401, 'password_wrong'))
    await expect(unwrap(client.POST('/account/sessions', { body: { phone: '1', password: 'x' } }))).rejects.toThrow()
    expect(onLoggedOut).not.toHaveBeenCalled()
    fetcher.mockResolvedValueOnce(problem(401, 'not_logged_in'))
    await expect(unwrap(client.GET('/account'))).rejects.toThrow('not_logged_in')
    expect(onLoggedOut).toHaveBeenCalledOnce()
  })
  it('turns a dead network and a proxy’s page into problems in words', async () => {
    const { client } = api()
    fetcher.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    const dead = await unwrap(client.GET('/account')).catch((e: unknown) => e)
    expect(dead).toBeInstanceOf(ProblemError)
    expect((dead as ProblemError).code).toBe('network')
    fetcher.mockResolvedValueOnce(new Response('<html>', { status: 502, headers: { 'Retry-After': '7' } }))
    const strange = (await unwrap(client.GET('/account')).catch((e: unknown) => e)) as ProblemError
    expect([strange.code, strange.status, strange.retryAfterSeconds]).toEqual(['strange_answer', 502, 7])
  })
})

describe('idempotency keys', () => {
  it('stay the same for the same body until it is answered', () => {
    const body = { amount_fen: 1 }
    const key = keyFor('payment', body)
    expect(key).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
    expect(keyFor('payment', { amount_fen: 1 })).toBe(key)
    expect(keyFor('payment', { amount_fen: 2 })).not.toBe(key)
    const second = keyFor('payment', body)
    keyAnswered('payment')
    expect(keyFor('payment', body)).not.toBe(second)
  })
})
