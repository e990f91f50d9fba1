// Customers in known states for the journeys: the mock's fixed ones, or those of a real server's demo
// shop, found by logging in as one after the other and looking.
import { readFileSync } from 'node:fs'
import type { components } from '../packages/api/schema'

type State = components['schemas']['OrderState']

export interface Login {
  phone: string
  password: string | null
  states: State[]
  days_overdue: number
  /** one of them can be asked for an extension now */
  extensible: boolean
  /** has a usable bank card */
  card: boolean
  receipts: boolean
}

export const mockLogins: Login[] = [
  { phone: '13800000001', password: null, states: ['overdue', 'due', 'running', 'settled', 'refunded'], days_overdue: 7, extensible: true, card: true, receipts: true },
  { phone: '13800000002', password: null, states: ['overdue', 'due'], days_overdue: 20, extensible: true, card: true, receipts: false },
  { phone: '13800000003', password: null, states: ['running', 'settled'], days_overdue: 0, extensible: false, card: true, receipts: false },
]

const FIRST = 19_900_000_001
const MOST = 60

/** Everyone of the demo shop; the phones are numbered on, the password is the demo's. */
export async function demoLogins(base: string, file: string | undefined): Promise<Login[]> {
  const told = file ? (JSON.parse(readFileSync(file, 'utf8')) as { customers: { phone: string; password: string }[] }).customers[0] : undefined
  const password = told?.password ?? 'fenqi-demo-2026'
  const first = Number(told?.phone ?? FIRST)
  const found: Login[] = []
  for (let n = 0; n < MOST; n++) {
    const phone = String(first + n)
    const entered = await fetch(`${base}/api/v1/account/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ phone, password }) })
    if (entered.status === 404 || entered.status === 422) break
    if (entered.status !== 201) throw new Error(`logging in as ${phone}: ${entered.status} ${await entered.text()}`)
    const cookie = entered.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ')
    const csrf = ((await entered.json()) as { csrf_token: string }).csrf_token
    const get = async <T>(path: string): Promise<T> => (await (await fetch(`${base}/api/v1${path}`, { headers: { Cookie: cookie } })).json()) as T
    const page = await get<components['schemas']['OrdersPage']>('/orders?limit=100')
    const sources = await get<components['schemas']['FundingSourceList']>('/funding-sources')
    const payments = await get<components['schemas']['PaymentList']>('/payments')
    const overdue = page.due_soon.find((order) => order.state === 'overdue')
    const offer = overdue ? await get<components['schemas']['ExtensionOffer']>(`/orders/${overdue.order_id}/extension`) : undefined
    found.push({
      phone,
      password,
      states: [...new Set(page.items.map((order) => order.state))],
      days_overdue: page.summary.days_overdue,
      extensible: !!offer?.eligible,
      card: sources.items.some((source) => source.kind === 'bank_card' && source.state === 'active'),
      receipts: payments.items.some((payment) => payment.has_receipt),
    })
    await fetch(`${base}/api/v1/account/sessions/current`, { method: 'DELETE', headers: { Cookie: cookie, 'X-CSRF-Token': csrf } })
  }
  if (!found.length) throw new Error('the server has no demo customers')
  return found
}
