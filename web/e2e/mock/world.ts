// The contract mock's customers: fixtures in the shapes of the contract, with just enough arithmetic
// that a payment changes what is owed. The real server is the truth; this only lets the screens run
// in every state, and fail in every way, within milliseconds.
import type { components } from '../../packages/api/schema'

export type S = components['schemas']

export const TODAY = '2026-11-22'
export const NOW = `${TODAY}T10:15:00+08:00`

let serial = 0
/** A number in the form of the public numbers. */
export function publicNumber(letter: string): string {
  serial++
  return `${letter}00000MOCK0000${String(serial).padStart(14, '0')}`.slice(0, 28)
}

const dayText = (date: Date) => date.toISOString().slice(0, 10)
export function addDays(day: string, n: number): string {
  return dayText(new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000))
}
function addMonths(day: string, n: number): string {
  const d = new Date(`${day}T00:00:00Z`)
  return dayText(new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n, d.getUTCDate())))
}
const days = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

interface Part {
  number: number
  due_day: string
  principal: number
  interest: number
  fee: number
  paid: number
  payments: S['InstalmentPayment'][]
}

export interface MockOrder {
  order_id: string
  title: string
  shop: string
  shop_order_no: string
  goods: S['Goods'][]
  amount: number
  parts: Part[]
  placed: string
  state?: S['OrderState']
  request: S['ExtensionRequest'] | null
  checkout: string | null
}

export interface World {
  phone: string
  name: string | null
  orders: MockOrder[]
  payments: Map<string, S['Payment'] & { starts: number; fate: Fate }>
  sources: S['FundingSource'][]
  pendingCards: Map<string, S['FundingSource']>
  autopay: { enabled: boolean; ids: string[]; version: number; accepted_at: string | null; tests: S['AutopayTest'][] }
  failure: S['AutopayFailure'] | null
  notices: S['Notice'][]
  chat: { messages: S['ChatMessage'][]; read_by_customer: number; read_by_staff: number; number: number; state: S['Chat']['state'] }
  balance: number
  sessions: S['Session'][]
  password: string | null
  answers: Map<string, { body: string; status: number; json: unknown }>
  listeners: Set<(event: S['Event']) => void>
  open: boolean
}
export type Fate = 'succeed' | 'fail' | 'unknown' | 'wait'

export const ref = (s: S['FundingSource']): S['FundingSourceRef'] => ({
  funding_source_id: s.funding_source_id,
  kind: s.kind,
  label_zh: s.label_zh,
  label_en: s.label_en,
})

export function card(bank: [string, string, string], tail: string, state: S['FundingSource']['state'] = 'active'): S['FundingSource'] {
  return {
    funding_source_id: publicNumber('F'),
    kind: 'bank_card',
    label_zh: `${bank[1]}储蓄卡 尾号${tail}`,
    label_en: `${bank[2]} debit card ending ${tail}`,
    bank_code: bank[0],
    tail,
    state,
    reason_zh: state === 'unusable' ? '卡片已挂失，请更换银行卡' : null,
    reason_en: state === 'unusable' ? 'The card was reported lost; please use another one' : null,
    single_limit_fen: 500_000,
    daily_limit_fen: 1_000_000,
    available_fen: null,
    used_by_autopay: false,
    bound_at: '2026-06-18T12:00:00+08:00',
  }
}
export const CMB: [string, string, string] = ['CMB', '招商银行', 'China Merchants Bank']
export const ICBC: [string, string, string] = ['ICBC', '工商银行', 'ICBC']

export function order(title: string, amount: number, count: number, firstDue: string, fee: number, rate: number, paidCount: number, shop = '星河数码旗舰店'): MockOrder {
  const parts: Part[] = []
  for (let n = 1; n <= count; n++) {
    const base = Math.floor(amount / count)
    const principal = n === count ? amount - base * (count - 1) : base
    const left = amount - base * (n - 1)
    const interest = Math.round((left * rate) / 12)
    parts.push({ number: n, due_day: addMonths(firstDue, n - 1), principal, interest, fee, paid: 0, payments: [] })
  }
  const made: MockOrder = {
    order_id: publicNumber('D'),
    title,
    shop,
    shop_order_no: `${firstDue.replaceAll('-', '')}-${7000 + serial}`,
    goods: [{ name: title, quantity: 1, amount_fen: amount }],
    amount,
    parts,
    placed: addMonths(firstDue, -1),
    request: null,
    checkout: null,
  }
  for (const p of parts.slice(0, paidCount)) p.paid = p.principal + p.interest + p.fee
  return made
}

const penaltyOf = (p: Part) => {
  const late = days(p.due_day, TODAY)
  const left = p.principal + p.interest + p.fee - p.paid
  return late > 0 && left > 0 ? Math.round((left * 5 * late) / 10_000) : 0
}
export const totalOf = (p: Part) => p.principal + p.interest + p.fee + penaltyOf(p)
export const leftOf = (p: Part) => Math.max(0, totalOf(p) - p.paid)
const owedNow = (o: MockOrder) => o.parts.filter((p) => days(TODAY, p.due_day) <= 7).reduce((s, p) => s + leftOf(p), 0)
const overdueParts = (o: MockOrder) => o.parts.filter((p) => p.due_day < TODAY && leftOf(p) > 0)
export const overdueOf = (o: MockOrder) => overdueParts(o).reduce((s, p) => s + leftOf(p), 0)
const daysOverdue = (o: MockOrder) => (overdueParts(o)[0] ? days(overdueParts(o)[0]!.due_day, TODAY) : 0)
const principalLeft = (o: MockOrder) => o.parts.reduce((s, p) => s + (leftOf(p) > 0 ? Math.max(0, p.principal - Math.max(0, p.paid - p.interest - p.fee)) : 0), 0)
const futureCost = (o: MockOrder) => o.parts.filter((p) => days(TODAY, p.due_day) > 7).reduce((s, p) => s + (leftOf(p) > 0 ? p.interest : 0), 0)
const settleTotal = (o: MockOrder) => o.parts.reduce((s, p) => s + leftOf(p), 0) - futureCost(o)

export function stateOf(o: MockOrder): S['OrderState'] {
  if (o.state) return o.state
  if (o.parts.every((p) => leftOf(p) === 0)) return 'settled'
  if (overdueOf(o) > 0) return 'overdue'
  return owedNow(o) > 0 ? 'due' : 'running'
}
const alive = (o: MockOrder) => ['running', 'due', 'overdue'].includes(stateOf(o))

export function openPayment(w: World, o?: MockOrder): S['PaymentRef'] | null {
  for (const p of w.payments.values()) {
    if (!['created', 'submitted', 'unknown'].includes(p.state)) continue
    if (!o || p.orders.some((x) => x.order_id === o.order_id)) return { payment_id: p.payment_id, state: p.state, amount_fen: p.amount_fen, created_at: p.created_at }
  }
  return null
}

export function summaryOf(w: World, o: MockOrder): S['OrderSummary'] {
  const next = o.parts.find((p) => p.due_day >= TODAY && leftOf(p) > 0)
  return {
    order_id: o.order_id,
    title: o.title,
    shop_name: o.shop,
    state: stateOf(o),
    placed_on: o.placed,
    amount_fen: o.amount,
    instalment_count: o.checkout ? null : o.parts.length,
    paid_count: o.parts.filter((p) => leftOf(p) === 0).length,
    owed_now_fen: alive(o) ? owedNow(o) : 0,
    overdue_fen: alive(o) ? overdueOf(o) : 0,
    days_overdue: alive(o) ? daysOverdue(o) : 0,
    next_due_day: alive(o) ? (next?.due_day ?? null) : null,
    next_due_fen: alive(o) && next ? leftOf(next) : 0,
    principal_left_fen: alive(o) ? principalLeft(o) : 0,
    checkout_path: o.checkout,
    open_payment: openPayment(w, o),
    extension_waiting: o.request?.state === 'waiting',
  }
}

export function autopayState(w: World): S['AutopayState'] {
  const sources = w.autopay.ids.map((id) => ref(w.sources.find((s) => s.funding_source_id === id)!))
  const next = w.orders.filter(alive).flatMap((o) => o.parts.filter((p) => p.due_day >= TODAY && leftOf(p) > 0).map((p) => ({ o, p }))).sort((a, b) => a.p.due_day.localeCompare(b.p.due_day))[0]
  return {
    enabled: w.autopay.enabled,
    sources,
    next_attempts:
      w.autopay.enabled && next
        ? sources.map((source, n) => ({ at: `${next.p.due_day}T09:0${n * 5}:00+08:00`, source, amount_fen: n ? 0 : leftOf(next.p), is_fallback: n > 0, orders: [{ order_id: next.o.order_id, title: next.o.title }] }))
        : [],
    last_failure: w.failure,
  }
}

export function listPage(w: World, state: string | null): S['OrdersPage'] {
  const all = w.orders.map((o) => summaryOf(w, o))
  const owing = all.filter((o) => o.owed_now_fen > 0)
  const due = w.orders.filter(alive).flatMap((o) => o.parts).filter((p) => leftOf(p) > 0)
  const earliest = due.filter((p) => days(TODAY, p.due_day) <= 7).map((p) => p.due_day).sort()[0] ?? null
  const nextDay = due.map((p) => p.due_day).filter((d) => d >= TODAY).sort()[0]
  const count = (s: S['OrderState']) => all.filter((o) => o.state === s).length
  return {
    business_date: TODAY,
    now: NOW,
    summary: {
      owed_now_fen: owing.reduce((s, o) => s + o.owed_now_fen, 0),
      overdue_fen: owing.reduce((s, o) => s + o.overdue_fen, 0),
      order_count: owing.length,
      earliest_due: earliest,
      days_overdue: Math.max(0, ...all.map((o) => o.days_overdue)),
      next_due: nextDay && !earliest ? { day: nextDay, amount_fen: due.filter((p) => p.due_day === nextDay).reduce((s, p) => s + leftOf(p), 0), order_count: 1 } : null,
      credit_balance_fen: w.balance,
      open_payment: openPayment(w),
      counts: { all: all.length, pending: count('pending'), overdue: count('overdue'), due: count('due'), running: count('running'), settled: count('settled'), refunded: count('refunded') },
    },
    autopay: autopayState(w),
    due_soon: all.filter((o) => o.owed_now_fen > 0).sort((a, b) => b.days_overdue - a.days_overdue),
    items: state ? all.filter((o) => o.state === state) : all,
    next_cursor: null,
    unread_messages: w.chat.messages.filter((m) => m.from === 'staff' && m.number > w.chat.read_by_customer).length,
    unread_notices: w.notices.filter((n) => !n.read).length,
  }
}

const yuan = (fen: number) => (fen / 100).toFixed(2)

function whyOf(p: Part): S['ExplainLine'][] {
  const lines: S['ExplainLine'][] = [{ label_zh: `第 ${p.number} 期 本金`, label_en: `Instalment ${p.number} principal`, amount_fen: p.principal }]
  if (p.interest) lines.push({ label_zh: `第 ${p.number} 期 利息`, label_en: `Instalment ${p.number} interest`, amount_fen: p.interest })
  if (p.fee) lines.push({ label_zh: `第 ${p.number} 期 分期费用`, label_en: `Instalment ${p.number} fee`, amount_fen: p.fee })
  const penalty = penaltyOf(p)
  if (penalty) {
    const late = days(p.due_day, TODAY)
    const base = yuan(p.principal + p.interest + p.fee - p.paid)
    lines.push({ label_zh: `第 ${p.number} 期 逾期罚息`, label_en: `Instalment ${p.number} late penalty`, amount_fen: penalty, basis_zh: `${base} × 0.05%/日 × ${late} 天`, basis_en: `${base} × 0.05% a day × ${late} days` })
  }
  if (p.paid) lines.push({ label_zh: `第 ${p.number} 期 已还`, label_en: `Instalment ${p.number} paid`, amount_fen: -p.paid })
  return lines
}

export function settlement(o: MockOrder): S['SettlementQuote'] | null {
  if (!alive(o)) return null
  const saved = futureCost(o)
  const left = o.parts.reduce((s, p) => s + leftOf(p), 0)
  return {
    order_id: o.order_id,
    total_fen: left - saved,
    saved_fen: saved,
    early_fee_fen: 0,
    valid_until: `${TODAY}T23:59:59+08:00`,
    lines: [
      { label_zh: '全部剩余应还', label_en: 'Everything left', amount_fen: left },
      { label_zh: '未到期利息免收', label_en: 'Interest not yet due is waived', amount_fen: -saved },
    ],
    note_zh: '提前结清不收违约金',
    note_en: 'Settling early costs nothing',
  }
}

export function costTable(o: { amount: number }, count: number, accepted: string | null): S['CostTable'] {
  const fee = Math.round(o.amount * 0.006)
  const base = Math.floor(o.amount / count)
  const instalments = Array.from({ length: count }, (_, n) => {
    const principal = n === count - 1 ? o.amount - base * (count - 1) : base
    return { number: n + 1, due_day: addMonths(TODAY, n + 1), principal_fen: principal, interest_fen: 0, fee_fen: fee, total_fen: principal + fee }
  })
  return {
    instalment_count: count,
    hash: String(count).padStart(64, '0'),
    principal_fen: o.amount,
    items: [{ name_zh: '分期费用', name_en: 'Instalment fee', standard_zh: '每期按原始本金的 0.60% 收取', standard_en: '0.60% of the original principal each instalment', collector_zh: '分期演示消费金融', collector_en: 'Fenqi Demo Consumer Finance', amount_fen: fee * count }],
    default_items: [{ name_zh: '逾期罚息', name_en: 'Late penalty', standard_zh: '逾期未还金额每日 0.05%，还清之日停止计算', standard_en: '0.05% a day on the overdue amount until it is paid', collector_zh: '分期演示消费金融', collector_en: 'Fenqi Demo Consumer Finance', amount_fen: null }],
    total_cost_fen: fee * count,
    total_repayment_fen: o.amount + fee * count,
    first_due_day: instalments[0]!.due_day,
    first_amount_fen: instalments[0]!.total_fen,
    each_amount_fen: instalments[0]!.total_fen,
    last_amount_fen: instalments.at(-1)!.total_fen,
    irr_per_billion: 138_418_000,
    simple_per_billion: 132_923_000,
    instalments,
    no_other_charges_zh: '除以上费用外不收取任何费用',
    no_other_charges_en: 'Nothing else is charged',
    accepted_at: accepted,
  }
}

export function extensionOffer(o: MockOrder): S['ExtensionOffer'] {
  const late = daysOverdue(o)
  const part = o.parts.find((p) => leftOf(p) > 0)
  const eligible = !!part && late <= 30 && !o.request
  return {
    order_id: o.order_id,
    title: o.title,
    business_date: TODAY,
    eligible,
    reason_zh: eligible ? '最早一期未还的账单可延期一次，审核通过后生效' : late > 30 ? '已逾期超过 30 天，请先还一部分或联系客服' : '这笔订单已经申请过延期',
    reason_en: eligible ? 'The earliest unpaid instalment can be extended once' : late > 30 ? 'More than 30 days overdue: pay a part first or talk to us' : 'This order has been extended already',
    rules_zh: ['每笔订单最多延期一次', '审核在一个工作日内答复', '延期期间的罚息按约定计算'],
    rules_en: ['Once for each order', 'Answered within one working day', 'The agreed penalty counts meanwhile'],
    choices: eligible ? [7, 15].map((n) => ({ instalment_number: part.number, due_day: part.due_day, amount_fen: leftOf(part), days: n, new_due_day: addDays(part.due_day, n), cost_fen: n * 20, lines: [{ label_zh: `延期 ${n} 天`, label_en: `${n} days`, amount_fen: n * 20, basis_zh: `每天 0.20 元`, basis_en: '0.20 yuan a day' }] })) : [],
    request: o.request,
  }
}

export function detail(w: World, o: MockOrder): S['Order'] {
  const s = summaryOf(w, o)
  const late = overdueParts(o)
  const soon = o.parts.filter((p) => days(TODAY, p.due_day) <= 7 && leftOf(p) > 0)
  const offer = extensionOffer(o)
  const live = alive(o)
  const daily = Math.round(late.reduce((sum, p) => sum + (p.principal + p.interest + p.fee - p.paid) * 5, 0) / 10_000)
  const penalty = late.reduce((sum, p) => sum + penaltyOf(p), 0)
  return {
    order_id: o.order_id,
    contract_id: o.checkout ? null : publicNumber('K'),
    business_date: TODAY,
    now: NOW,
    state: s.state,
    shop_name: o.shop,
    shop_order_no: o.shop_order_no,
    title: o.title,
    goods: o.goods,
    amount_fen: o.amount,
    placed_at: `${o.placed}T20:11:00+08:00`,
    accepted_at: o.checkout ? null : `${o.placed}T20:13:00+08:00`,
    settled_on: s.state === 'settled' ? TODAY : null,
    checkout_path: o.checkout,
    product: { code: 'ei', name_zh: '等额本息', name_en: 'Equal instalments', method: 'equal_instalment' },
    instalment_count: o.checkout ? null : o.parts.length,
    paid_count: s.paid_count,
    owed_now_fen: s.owed_now_fen,
    overdue_fen: s.overdue_fen,
    penalty_fen: live ? penalty : 0,
    earliest_due: live ? (soon[0]?.due_day ?? null) : null,
    days_overdue: s.days_overdue,
    why: live ? soon.flatMap(whyOf) : [],
    next_due_day: s.next_due_day,
    next_due_fen: s.next_due_fen,
    principal_left_fen: s.principal_left_fen,
    paid_fen: o.parts.reduce((sum, p) => sum + p.paid, 0),
    irr_per_billion: 144_000_000,
    simple_per_billion: 135_600_000,
    instalments: o.checkout
      ? []
      : o.parts.map((p) => ({
          number: p.number,
          due_day: p.due_day,
          state: leftOf(p) === 0 ? 'paid' : o.state === 'refunded' ? 'cancelled' : p.due_day < TODAY ? 'overdue' : days(TODAY, p.due_day) <= 7 ? 'due' : 'upcoming',
          principal_fen: p.principal,
          interest_fen: p.interest,
          fee_fen: p.fee,
          penalty_fen: penaltyOf(p),
          total_fen: totalOf(p),
          paid_fen: p.paid,
          left_fen: leftOf(p),
          days_overdue: leftOf(p) > 0 ? Math.max(0, days(p.due_day, TODAY)) : 0,
          original_due_day: null,
          why: whyOf(p),
          payments: p.payments,
        })),
    settlement: settlement(o),
    autopay: autopayState(w),
    credit_record: live ? (late.length ? { state: 'will_report', text_zh: `今天还清不会上报逾期；否则 ${addDays(TODAY, 3).slice(5).replace('-', '月')}日上报`, text_en: `Not reported when paid today; otherwise on ${addDays(TODAY, 3)}`, report_on: addDays(TODAY, 3) } : { state: 'normal', text_zh: '按时还款，按月上报为正常', text_en: 'Paid on time; reported as normal each month', report_on: null }) : null,
    overdue: late.length && live
      ? {
          days: s.days_overdue,
          since: late[0]!.due_day,
          amount_fen: s.overdue_fen,
          penalty_fen: penalty,
          lines: late.flatMap(whyOf),
          daily_cost_fen: daily,
          daily_cost_zh: `每多一天增加罚息 ¥${yuan(daily)}`,
          daily_cost_en: `Each further day adds ¥${yuan(daily)}`,
          collection_paused: o.request?.state === 'waiting',
          facts: [
            { day: addDays(TODAY, 3), text_zh: '仍未还清的，向征信机构上报逾期', text_en: 'Reported to the credit bureau if still unpaid' },
            { day: addDays(late[0]!.due_day, 30), text_zh: '超过 30 天后不能再自助申请延期', text_en: 'After 30 days an extension can no longer be asked for here' },
          ],
        }
      : null,
    extension: { eligible: offer.eligible, reason_zh: offer.reason_zh, reason_en: offer.reason_en, request: o.request },
    open_payments: openPayment(w, o) ? [openPayment(w, o)!] : [],
    payments: [...w.payments.values()].filter((p) => p.orders.some((x) => x.order_id === o.order_id)).map(paymentSummary).reverse(),
    refunded_fen: o.state === 'refunded' ? o.amount : 0,
    cost_table: o.checkout ? null : costTable(o, o.parts.length, `${o.placed}T20:13:00+08:00`),
    phone: '400-000-0000',
  }
}

export function paymentSummary(p: S['Payment']): S['PaymentSummary'] {
  return {
    payment_id: p.payment_id,
    entry: p.entry,
    state: p.state,
    amount_fen: p.amount_fen,
    method_zh: p.method_zh,
    method_en: p.method_en,
    initiator: p.initiator,
    orders: p.orders,
    created_at: p.created_at,
    finished_at: p.finished_at,
    reason_zh: p.reason?.text_zh ?? null,
    reason_en: p.reason?.text_en ?? null,
    has_receipt: p.receipt_no !== null,
  }
}

/** Which instalments an amount would pay, oldest due first. */
export function allocate(orders: MockOrder[], amount: number): { lines: S['AllocationLine'][]; excess: number } {
  let rest = amount
  const lines: S['AllocationLine'][] = []
  const all = orders.flatMap((o) => o.parts.map((p) => ({ o, p }))).filter(({ p }) => leftOf(p) > 0).sort((a, b) => a.p.due_day.localeCompare(b.p.due_day))
  for (const { o, p } of all) {
    if (rest === 0) break
    const total = Math.min(rest, leftOf(p))
    rest -= total
    let left = total
    const take = (n: number) => {
      const got = Math.min(left, n)
      left -= got
      return got
    }
    const fee_fen = take(p.fee)
    const penalty_fen = take(penaltyOf(p))
    const interest_fen = take(p.interest)
    lines.push({ order_id: o.order_id, order_title: o.title, instalment_number: p.number, due_day: p.due_day, fee_fen, penalty_fen, interest_fen, principal_fen: left, total_fen: total, left_after_fen: leftOf(p) - total })
  }
  return { lines, excess: rest }
}

export function chosenOrders(w: World, purpose: S['PaymentPurpose']): MockOrder[] {
  return purpose.order_ids.length ? w.orders.filter((o) => purpose.order_ids.includes(o.order_id)) : w.orders.filter(alive)
}

export function preview(w: World, purpose: S['PaymentPurpose']): S['PaymentPreview'] | string {
  const orders = chosenOrders(w, purpose).filter(alive)
  const owed = orders.reduce((s, o) => s + owedNow(o), 0)
  const overdue = orders.reduce((s, o) => s + overdueOf(o), 0)
  const settle = orders.reduce((s, o) => s + settleTotal(o), 0)
  const everything = orders.reduce((s, o) => s + o.parts.reduce((x, p) => x + leftOf(p), 0), 0)
  const amount = purpose.kind === 'amount' ? purpose.amount_fen! : purpose.kind === 'overdue' ? overdue : purpose.kind === 'settle' ? settle : owed
  if (amount <= 0) return 'nothing_owed'
  if (purpose.kind === 'amount' && amount > everything + 100_000) return 'amount_too_large'
  const { lines, excess } = allocate(orders, amount)
  const after = Math.max(0, owed - amount)
  const presets: S['PaymentPreset'][] = []
  const ids = purpose.order_ids
  const one = orders.length === 1 && ids.length === 1
  if (owed > 0) presets.push({ purpose: { kind: one ? 'order' : ids.length ? 'due' : 'all_orders', order_ids: ids }, label_zh: one ? '本期应还' : '全部订单本期应还', label_en: one ? 'What is owed now' : 'Owed now in all orders', amount_fen: owed })
  if (overdue > 0 && overdue < owed) presets.push({ purpose: { kind: 'overdue', order_ids: ids }, label_zh: '只还逾期部分', label_en: 'Only what is overdue', amount_fen: overdue })
  if (one) presets.push({ purpose: { kind: 'settle', order_ids: ids }, label_zh: '提前结清', label_en: 'Settle early', amount_fen: settle })
  return {
    purpose,
    business_date: TODAY,
    orders: orders.map((o) => ({ order_id: o.order_id, title: o.title })),
    amount_fen: amount,
    min_fen: 1,
    max_fen: everything + 100_000,
    lines: purpose.kind === 'settle' && one ? settlement(orders[0]!)!.lines : [{ label_zh: '本次还款', label_en: 'This payment', amount_fen: amount }],
    allocation: lines,
    excess_fen: purpose.kind === 'settle' ? 0 : excess,
    owed_now_after_fen: after,
    overdue_after_fen: Math.max(0, overdue - amount),
    effect_zh: purpose.kind === 'settle' ? '还后订单结清' : after ? `还后现在还需还 ¥${yuan(after)}` : '还后现在没有待还款项',
    effect_en: purpose.kind === 'settle' ? 'The order is settled afterwards' : after ? `¥${yuan(after)} still owed afterwards` : 'Nothing is owed now afterwards',
    presets,
    methods: [
      ...w.sources.filter((s) => s.kind === 'bank_card' && s.state !== 'removed').map((s) => ({ method: { kind: 'bank_card' as const, funding_source_id: s.funding_source_id }, label_zh: s.label_zh, label_en: s.label_en, usable: s.state === 'active' && amount <= s.single_limit_fen!, reason_zh: s.state === 'active' ? (amount > s.single_limit_fen! ? '超过单笔限额，可分次还款' : null) : s.reason_zh, reason_en: s.state === 'active' ? (amount > s.single_limit_fen! ? 'Above its limit; pay in parts' : null) : s.reason_en, hint_zh: '单笔限额 ¥5,000.00', hint_en: 'At most ¥5,000.00 at a time' })),
      { method: { kind: 'wechat_h5' }, label_zh: '微信支付', label_en: 'WeChat Pay', usable: true, reason_zh: null, reason_en: null, hint_zh: null, hint_en: null },
      { method: { kind: 'wechat_native' }, label_zh: '微信扫码支付', label_en: 'WeChat Pay by QR code', usable: true, reason_zh: null, reason_en: null, hint_zh: '用另一台手机扫码', hint_en: 'Scan with another phone' },
      { method: { kind: 'credit_balance' }, label_zh: '余额', label_en: 'Balance', usable: w.balance >= amount, reason_zh: w.balance >= amount ? null : `余额 ¥${yuan(w.balance)}，不足本次还款，可先部分还款`, reason_en: w.balance >= amount ? null : `¥${yuan(w.balance)} is not enough; pay a part first`, hint_zh: `余额 ¥${yuan(w.balance)}`, hint_en: `¥${yuan(w.balance)} available` },
    ],
    settlement: one ? settlement(orders[0]!) : null,
    autopay: autopayState(w),
    open_payment: orders.map((o) => openPayment(w, o)).find(Boolean) ?? null,
    valid_until: `${TODAY}T23:59:59+08:00`,
  }
}

/** Book a payment that has come in. */
export function book(w: World, payment: S['Payment']): void {
  for (const line of payment.allocation) {
    const part = w.orders.find((o) => o.order_id === line.order_id)?.parts.find((p) => p.number === line.instalment_number)
    if (!part) continue
    if (payment.purpose?.kind === 'settle') part.interest = Math.min(part.interest, Math.max(0, line.interest_fen))
    part.paid += line.total_fen
    if (payment.purpose?.kind === 'settle') part.paid = totalOf(part)
    part.payments.push({ payment_id: payment.payment_id, amount_fen: line.total_fen, paid_on: TODAY, has_receipt: true })
  }
  if (payment.purpose?.kind === 'settle') {
    for (const o of chosenOrders(w, payment.purpose)) for (const p of o.parts) if (leftOf(p) > 0) p.paid = totalOf(p)
  }
  if (payment.excess_fen > 0) w.balance += payment.excess_fen
  w.failure = null
}
