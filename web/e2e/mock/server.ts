// The contract mock: serves the built app with the headers of the real server, and answers the
// contract's routes from a world of its own for every login.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { allocate, autopayState, book, card, chosenOrders, CMB, costTable, detail, extensionOffer, ICBC, leftOf, listPage, NOW, order, paymentSummary, preview, publicNumber, ref, settlement, TODAY, type Fate, type S, type World } from './world'

const DIST = join(import.meta.dirname, '..', '..', 'customer', 'dist')
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const TYPES: Record<string, string> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', webmanifest: 'application/manifest+json', txt: 'text/plain' }
const CODE = '246810'

const worlds = new Map<string, World>()
const codes: S['DemoCode'][] = []
const tokens = new Map<string, { world: World | null; phone: string; order: ReturnType<typeof order>; state: S['Checkout']['state'] }>()
const later = (ms: number, act: () => void) => setTimeout(act, ms).unref()

function notice(w: World, title: string, title_en: string, body: string, body_en: string, target: S['Notice']['target'], order_id: string | null = null): void {
  const made: S['Notice'] = { notice_id: String(w.notices.length + 1), kind: 'demo', title_zh: title, title_en, body_zh: body, body_en, created_at: NOW, read: false, order_id, payment_id: null, target }
  w.notices.unshift(made)
}

function world(phone: string): World {
  const first = card(CMB, '6621')
  const balance: S['FundingSource'] = { funding_source_id: 'credit_balance', kind: 'credit_balance', label_zh: '账户余额', label_en: 'Account balance', bank_code: null, tail: null, state: 'active', reason_zh: null, reason_en: null, single_limit_fen: null, daily_limit_fen: null, available_fen: 1200, used_by_autopay: false, bound_at: null }
  const w: World = {
    phone,
    name: '林小满',
    orders: [],
    payments: new Map(),
    sources: [balance, first, card(ICBC, '0002')],
    pendingCards: new Map(),
    autopay: { enabled: false, ids: [first.funding_source_id], version: 1, accepted_at: null, tests: [] },
    failure: null,
    notices: [],
    chat: { messages: [], read_by_customer: 0, read_by_staff: 0, number: 0, state: 'none' },
    balance: 1200,
    sessions: [
      { session_id: '1', current: true, device: 'Chrome · Android', address_masked: '127.0.0.*', created_at: NOW, last_seen_at: NOW },
      { session_id: '2', current: false, device: 'Safari · iPhone', address_masked: '10.1.2.*', created_at: NOW, last_seen_at: NOW },
    ],
    password: null,
    answers: new Map(),
    listeners: new Set(),
    open: true,
  }
  const kind = phone.slice(-2)
  if (kind === '01' || kind === '02') {
    w.orders.push(order('华星 Nova 14 手机 12GB+256GB 曜石黑', 499_900, 12, kind === '01' ? '2026-07-15' : '2026-07-02', 0, 0.144, 4))
    w.orders.push(order('云雀空气净化器 Pro', 149_900, 6, '2026-09-26', 900, 0, 2, '清和家电'))
  }
  if (kind === '01' || kind === '03') {
    w.orders.push(order('山海 16 寸轻薄笔记本', 720_000, 24, '2026-12-20', 4320, 0, 0, '山海电脑'))
    w.orders.push(order('童车 安途 3 代', 89_900, 3, '2026-08-10', 0, 0, 3, '安途母婴'))
  }
  if (kind === '01') {
    const refunded = order('有线耳机', 29_900, 3, '2026-10-12', 0, 0, 0)
    refunded.state = 'refunded'
    w.orders.push(refunded)
    for (const o of w.orders.slice(0, 2)) {
      const part = o.parts[0]!
      const p = makePayment(w, { kind: 'order', order_ids: [o.order_id] }, { kind: 'bank_card', funding_source_id: first.funding_source_id }, part.paid, 'succeed')
      Object.assign(p, { state: 'succeeded', finished_at: '2026-10-15T09:00:05+08:00', created_at: '2026-10-15T09:00:00+08:00', receipt_no: p.payment_id, entry: 'autopay', initiator: 'autopay', can_cancel: false, allocation: [{ order_id: o.order_id, order_title: o.title, instalment_number: 1, due_day: part.due_day, principal_fen: part.principal, interest_fen: part.interest, fee_fen: part.fee, penalty_fen: 0, total_fen: part.paid, left_after_fen: 0 }], excess_fen: 0 })
      part.payments.push({ payment_id: p.payment_id, amount_fen: part.paid, paid_on: '2026-10-15', has_receipt: true })
    }
    const failed = makePayment(w, { kind: 'order', order_ids: [w.orders[0]!.order_id] }, { kind: 'bank_card', funding_source_id: first.funding_source_id }, 51_000, 'fail')
    Object.assign(failed, { state: 'failed', finished_at: '2026-11-15T09:00:04+08:00', created_at: '2026-11-15T09:00:00+08:00', entry: 'autopay', initiator: 'autopay', can_cancel: false, reason: lowBalance, promise_zh: null, promise_en: null })
    notice(w, '自动扣款未成功', 'Automatic debit failed', '招商银行储蓄卡 尾号6621 余额不足，请手动还款。', 'The card had too little money; please pay yourself.', 'pay', w.orders[0]!.order_id)
  }
  return w
}
const lowBalance: S['PaymentReason'] = { code: 'balance_insufficient', text_zh: '银行卡余额不足', text_en: 'The card had too little money', next_zh: '没有扣款。请充值后重试，或换一种付款方式。', next_en: 'Nothing was charged. Top up and try again, or use another method.' }

function makePayment(w: World, purpose: S['PaymentPurpose'], method: S['PaymentMethod'], amount: number, fate: Fate): S['Payment'] & { starts: number; fate: Fate } {
  const orders = chosenOrders(w, purpose)
  const { lines, excess } = allocate(orders, amount)
  const source = w.sources.find((s) => s.funding_source_id === method.funding_source_id)
  const payment_id = publicNumber('P')
  const label = source ? [source.label_zh, source.label_en] : method.kind === 'credit_balance' ? ['账户余额', 'Account balance'] : ['微信支付', 'WeChat Pay']
  const p: S['Payment'] & { starts: number; fate: Fate } = {
    payment_id,
    entry: 'payment',
    state: 'submitted',
    amount_fen: amount,
    purpose,
    method_zh: label[0]!,
    method_en: label[1]!,
    method,
    initiator: 'customer',
    orders: orders.filter((o) => lines.some((l) => l.order_id === o.order_id)).map((o) => ({ order_id: o.order_id, title: o.title })),
    created_at: NOW,
    finished_at: null,
    business_date: TODAY,
    action: method.kind === 'wechat_native' ? { kind: 'scan_qr', url: `/api/v1/payments/${payment_id}/qr.svg`, expires_at: `${TODAY}T12:15:00+08:00` } : method.kind === 'wechat_h5' ? { kind: 'redirect', url: `/mock/cashier?payment=${payment_id}`, expires_at: `${TODAY}T10:20:00+08:00` } : { kind: 'none', url: null, expires_at: null },
    reason: null,
    promise_zh: '通常 10 秒内完成，最长 30 分钟；不会重复扣款',
    promise_en: 'Usually within 10 seconds, at most 30 minutes; nothing is charged twice',
    allocation: lines,
    excess_fen: purpose.kind === 'settle' ? 0 : excess,
    owed_now_after_fen: null,
    can_cancel: method.kind.startsWith('wechat'),
    receipt_no: null,
    channel_no: null,
    history: [{ at: NOW, state: 'created', text_zh: '已发起', text_en: 'Started' }],
    starts: Date.now(),
    fate,
  }
  w.payments.set(payment_id, p)
  return p
}
function finish(w: World, p: S['Payment'] & { fate: Fate }, state: 'succeeded' | 'failed' | 'unknown' | 'cancelled'): void {
  if (!['submitted', 'unknown'].includes(p.state)) return
  p.state = state
  p.can_cancel = false
  if (state !== 'unknown') {
    p.action = { kind: 'none', url: null, expires_at: null }
    p.finished_at = NOW
    p.promise_zh = p.promise_en = null
  }
  if (state === 'succeeded') {
    book(w, p)
    p.receipt_no = p.payment_id
    p.channel_no = '4200000000202611221234567890'
    p.owed_now_after_fen = listPage(w, null).summary.owed_now_fen
  }
  if (state === 'failed') p.reason = lowBalance
  p.history.push({ at: NOW, state, text_zh: state === 'succeeded' ? '渠道确认已收款' : state === 'failed' ? '银行拒绝：余额不足' : state === 'unknown' ? '渠道没有回应，正在查询' : '已取消', text_en: state })
  emit(w, { kind: 'p', payment: { payment_id: p.payment_id, state: p.state, amount_fen: p.amount_fen, created_at: p.created_at } })
}
function emit(w: World, part: Omit<S['Event'], 'number'>): void {
  w.chat.number++
  for (const listener of w.listeners) listener({ number: w.chat.number, ...part })
}

function strip(p: S['Payment'] & { starts: number; fate: Fate }): S['Payment'] {
  const { starts: _starts, fate: _fate, ...rest } = p
  return rest
}

const TEXTS: Record<string, [number, string, string, string, string]> = {
  not_logged_in: [401, '请先登录', 'Please log in', '', ''],
  code_wrong: [401, '验证码不正确', 'The code is wrong', '请核对后重试，还可以试 4 次。', 'Check it and try again; 4 tries left.'],
  password_wrong: [401, '手机号或密码不正确', 'Phone or password is wrong', '', ''],
  account_not_found: [404, '这个手机号还没有注册', 'This phone is not registered', '', ''],
  account_exists: [409, '这个手机号已经注册', 'This phone is registered already', '', ''],
  order_not_found: [404, '没有这笔订单', 'No such order', '', ''],
  payment_not_found: [404, '没有这笔还款', 'No such payment', '', ''],
  nothing_owed: [409, '现在没有待还款项', 'Nothing is owed now', '', ''],
  amount_too_large: [422, '金额超过全部应还', 'More than is owed', '', ''],
  amount_changed: [409, '金额有变化', 'The amount has changed', '没有扣款，请核对新的金额。', 'Nothing was charged; check the new amount.'],
  payment_in_progress: [409, '有一笔还款正在处理', 'A payment is already on its way', '不会重复扣款，请等待结果。', 'Nothing is charged twice; wait for its result.'],
  idempotency_key_reused: [422, '重复的请求号', 'Key used with another body', '', ''],
  version_conflict: [412, '设置已在别处更改', 'Changed elsewhere', '已显示最新设置，请再试一次。', 'The latest settings are shown; try again.'],
  csrf_invalid: [403, '请刷新页面', 'Please reload', '', ''],
  internal: [500, '服务出错', 'Server error', '请稍后重试，不会重复扣款。', 'Try again later; nothing is charged twice.'],
  not_found: [404, '没有这个地址', 'No such address', '', ''],
}

class Refuse extends Error {}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {}
}

type Handler = (c: { w: World; m: string[]; body: Record<string, any>; url: URL; request: IncomingMessage; response: ServerResponse }) => { status?: number; json?: unknown; headers?: Record<string, string>; raw?: string; type?: string } | undefined
const routes: [string, RegExp, Handler, 'open' | undefined][] = []
const on = (method: string, path: string, handler: Handler, open?: 'open') => routes.push([method, new RegExp(`^/api/v1${path.replace(/:\w+/g, '([^/]+)')}$`), handler, open])
const account = (w: World): S['Account'] => ({ customer_id: '1', name: w.name, phone_masked: `${w.phone.slice(0, 3)}****${w.phone.slice(7)}`, has_password: !!w.password, csrf_token: 'mock-token', registered_at: NOW, credit_balance_fen: w.balance, unread_messages: 0, unread_notices: w.notices.filter((n) => !n.read).length })
const logIn = (w: World) => {
  const id = `${w.phone}-${Math.random().toString(36).slice(2)}`
  worlds.set(id, w)
  return { status: 201, json: account(w), headers: { 'Set-Cookie': `fenqi_session=${id}; Path=/; HttpOnly; SameSite=Lax` } }
}
const find = (w: World, id: string) => w.orders.find((o) => o.order_id === id) ?? refuse('order_not_found')
function refuse(code: string): never {
  throw new Refuse(code)
}

on('GET', '/status', () => ({ json: { business_date: TODAY, now: NOW, version: 'mock', mode: 'test' } }), 'open')
on('POST', '/account/codes', ({ body }) => {
  codes.unshift({ phone: String(body.phone), code: CODE, purpose: String(body.purpose), sent_at: NOW, expires_at: NOW })
  return { status: 202, json: { resend_after_s: 60, expires_at: NOW, code_length: 6 } }
}, 'open')
on('GET', '/demo/codes', ({ url }) => ({ json: { items: codes.filter((c) => !url.searchParams.get('phone') || c.phone === url.searchParams.get('phone')) } }), 'open')
on('POST', '/account/sessions', ({ body }) => {
  if (body.password !== undefined) return body.password === 'correct horse' ? logIn(world(body.phone)) : refuse('password_wrong')
  if (body.code !== CODE) refuse('code_wrong')
  if (!/0[1-4]$/.test(body.phone)) refuse('account_not_found')
  return logIn(world(body.phone))
}, 'open')
on('POST', '/account/register', ({ body }) => {
  if (body.code !== CODE) refuse('code_wrong')
  if (/0[1-3]$/.test(body.phone)) refuse('account_exists')
  const w = world(body.phone)
  w.name = null
  w.sources = w.sources.slice(0, 1)
  w.autopay.ids = []
  return logIn(w)
}, 'open')
on('GET', '/account', ({ w }) => ({ json: account(w) }))
on('PUT', '/account/password', ({ w, body }) => {
  w.password = body.password
  return { status: 204 }
})
on('PUT', '/account/name', ({ w, body }) => {
  w.name = body.name
  return { json: account(w) }
})
on('GET', '/account/sessions', ({ w }) => ({ json: { items: w.sessions } }))
on('DELETE', '/account/sessions/current', ({ request }) => {
  worlds.delete(cookie(request))
  return { status: 204 }
})
on('DELETE', '/account/sessions/:id', ({ w, m }) => {
  w.sessions = w.sessions.filter((s) => s.session_id !== m[1])
  return { status: 204 }
})
on('GET', '/orders', ({ w, url }) => ({ json: listPage(w, url.searchParams.get('state')) }))
on('GET', '/orders/:id', ({ w, m }) => ({ json: detail(w, find(w, m[1]!)) }))
on('GET', '/orders/:id/settlement-quote', ({ w, m }) => ({ json: settlement(find(w, m[1]!)) }))
on('GET', '/orders/:id/extension', ({ w, m }) => ({ json: extensionOffer(find(w, m[1]!)) }))
on('POST', '/orders/:id/extension-requests', ({ w, m, body }) => {
  const o = find(w, m[1]!)
  o.request = { extension_request_id: publicNumber('X'), order_id: o.order_id, state: 'waiting', instalment_number: body.instalment_number, days: body.days, cost_fen: body.expected_cost_fen, reason: body.reason, created_at: NOW, answer_by: '2026-11-23T18:00:00+08:00', decided_at: null, decision_note: null }
  return { status: 201, json: o.request }
})
on('POST', '/payment-previews', ({ w, body }) => {
  const got = preview(w, body.purpose)
  return typeof got === 'string' ? refuse(got) : { json: got }
})
on('POST', '/payments', ({ w, body }) => {
  const got = preview(w, body.purpose)
  if (typeof got === 'string') return refuse(got)
  if (got.open_payment) refuse('payment_in_progress')
  if (got.amount_fen !== body.expected_amount_fen) refuse('amount_changed')
  const tail = w.sources.find((s) => s.funding_source_id === body.method.funding_source_id)?.tail
  const fate: Fate = tail === '0002' ? 'fail' : tail === '0003' ? 'unknown' : body.method.kind.startsWith('wechat') ? 'wait' : 'succeed'
  const p = makePayment(w, body.purpose, body.method, got.amount_fen, fate)
  if (fate === 'succeed') later(900, () => finish(w, p, 'succeeded'))
  if (fate === 'fail') later(900, () => finish(w, p, 'failed'))
  if (fate === 'unknown') later(600, () => finish(w, p, 'unknown'))
  return { status: 201, json: strip(p) }
})
on('GET', '/payments', ({ w, url }) => {
  const entry = url.searchParams.get('entry')
  const of = url.searchParams.get('order')
  const items = [...w.payments.values()].filter((p) => (!entry || p.entry === entry) && (!of || p.orders.some((o) => o.order_id === of))).map(paymentSummary).reverse()
  return { json: { items, next_cursor: null } }
})
on('GET', '/payments/:id', ({ w, m }) => ({ json: strip(w.payments.get(m[1]!) ?? refuse('payment_not_found')) }))
on('POST', '/payments/:id/cancel', ({ w, m }) => {
  const p = w.payments.get(m[1]!) ?? refuse('payment_not_found')
  finish(w, p, 'cancelled')
  return { json: strip(p) }
})
on('GET', '/payments/:id/receipt.pdf', () => ({ raw: '%PDF-1.4\n%%EOF\n', type: 'application/pdf' }))
on('GET', '/payments/:id/qr.svg', () => ({ raw: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#fff"/><path d="M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1zM6 6h1v1H6z"/></svg>', type: 'image/svg+xml' }))
on('GET', '/funding-sources', ({ w }) => ({ json: { items: w.sources } }))
on('POST', '/funding-sources', ({ w, body }) => {
  const source = card(CMB, String(body.card_number).slice(-4))
  w.pendingCards.set(source.funding_source_id, source)
  return { status: 201, json: { funding_source_id: source.funding_source_id, state: 'pending', label_zh: source.label_zh, label_en: source.label_en, sms_phone_masked: '138****0001', resend_after_s: 60, expires_at: NOW } }
})
on('POST', '/funding-sources/:id/confirm', ({ w, m, body }) => {
  if (body.sms_code !== CODE) refuse('code_wrong')
  const source = w.pendingCards.get(m[1]!)!
  w.sources.push(source)
  return { json: source }
})
on('DELETE', '/funding-sources/:id', ({ w, m }) => {
  w.sources = w.sources.filter((s) => s.funding_source_id !== m[1])
  w.autopay.ids = w.autopay.ids.filter((id) => id !== m[1])
  return { status: 204 }
})
function autopay(w: World): S['Autopay'] {
  const state = autopayState(w)
  const next = w.orders.flatMap((o) => o.parts.filter((p) => p.due_day >= TODAY && leftOf(p) > 0).map((p) => ({ o, p }))).sort((a, b) => a.p.due_day.localeCompare(b.p.due_day))
  const byDay = [...new Set(next.map((x) => x.p.due_day))].slice(0, 2)
  return {
    enabled: w.autopay.enabled,
    consent: { version: '1', text_zh: '我授权本平台在每期到期日，按我排列的顺序从所选扣款来源扣除当期应还金额。一个来源不足时尝试下一个。可随时在“自动还款”页关闭或更改，更改在每日 08:00 前生效于当日扣款。', text_en: 'I allow the platform to debit what is due on each due day from the sources that I chose, in my order. When one does not cover it, the next is tried. I can switch it off or change it here at any time.', accepted_at: w.autopay.accepted_at, accepted_version: w.autopay.accepted_at ? '1' : null },
    sources: [...w.autopay.ids.map((id, n) => ({ source: w.sources.find((s) => s.funding_source_id === id)!, position: n + 1 })), ...w.sources.filter((s) => !w.autopay.ids.includes(s.funding_source_id)).map((source) => ({ source, position: null }))],
    timeline: w.autopay.enabled ? byDay.map((day) => ({ day, amount_fen: next.filter((x) => x.p.due_day === day).reduce((s, x) => s + leftOf(x.p), 0), orders: next.filter((x) => x.p.due_day === day).map((x) => ({ order_id: x.o.order_id, title: x.o.title })), attempts: state.sources.map((source, n) => ({ at: `${day}T09:0${n * 5}:00+08:00`, source, amount_fen: n ? 0 : 1, is_fallback: n > 0, orders: [] })) })) : [],
    runs: ['09:00', '18:00'],
    max_attempts_per_day: 2,
    cut_off_zh: '当天 08:00 前的更改对当天扣款生效',
    cut_off_en: 'Changes until 08:00 count for the same day',
    last_failure: w.failure,
    tests: w.autopay.tests,
    can_enable: w.sources.some((s) => s.kind === 'bank_card'),
    reason_zh: w.sources.some((s) => s.kind === 'bank_card') ? null : '请先添加一张银行卡',
    reason_en: w.sources.some((s) => s.kind === 'bank_card') ? null : 'Add a bank card first',
  }
}
on('GET', '/autopay', ({ w }) => ({ json: autopay(w), headers: { ETag: `"${w.autopay.version}"` } }))
on('PUT', '/autopay', ({ w, body, request }) => {
  if (request.headers['if-match'] !== `"${w.autopay.version}"`) refuse('version_conflict')
  w.autopay = { ...w.autopay, enabled: body.enabled, ids: body.funding_source_ids, version: w.autopay.version + 1, accepted_at: body.enabled ? NOW : w.autopay.accepted_at }
  return { json: autopay(w), headers: { ETag: `"${w.autopay.version}"` } }
})
on('POST', '/autopay/test', ({ w, body }) => {
  const source = w.sources.find((s) => s.funding_source_id === body.funding_source_id)!
  const bad = source.tail === '0002'
  const result: S['AutopayTest'] = { source: ref(source), state: bad ? 'failed' : 'passed', at: NOW, text_zh: bad ? '测试未通过：卡片状态异常' : '测试通过，可以正常扣款', text_en: bad ? 'Failed: the card is blocked' : 'Passed: it can be debited' }
  w.autopay.tests = [...w.autopay.tests.filter((x) => x.source.funding_source_id !== source.funding_source_id), result]
  return { status: 202, json: result }
})
on('GET', '/notices', ({ w }) => ({ json: { items: w.notices, next_cursor: null, unread: w.notices.filter((n) => !n.read).length } }))
on('POST', '/notices/read', ({ w }) => {
  w.notices = w.notices.map((n) => ({ ...n, read: true }))
  return { status: 204 }
})
const hours = (w: World): S['ChatHours'] => ({ open_now: w.open, opens_at: w.open ? null : '2026-11-23T09:00:00+08:00', closes_at: w.open ? `${TODAY}T21:00:00+08:00` : null, text_zh: '在线客服 09:00–21:00', text_en: 'Live chat 09:00–21:00' })
on('GET', '/help', ({ w }) => {
  const late = w.orders.find((o) => detail(w, o).overdue)
  const topic = (topic_id: string, question_zh: string, question_en: string, answer_zh: string, answer_en: string, target: S['HelpTopic']['target'], relevant = false): S['HelpTopic'] => ({ topic_id, question_zh, question_en, answer_zh, answer_en, target, order_id: relevant ? (late?.order_id ?? null) : null, relevant })
  const topics = [
    ...(late ? [topic('overdue', '逾期了怎么办？', 'What when I am overdue?', '今天还清不会上报征信。可以先还一部分，或在 30 天内申请延期。', 'Paid today it is not reported. You can pay a part first or ask for an extension within 30 days.', 'overdue', true)] : []),
    topic('early', '提前结清要多少钱？', 'What does settling early cost?', '订单页直接显示今天结清的金额和可省的利息，不收违约金。', 'The order shows it without asking; there is no penalty for it.', 'order'),
    topic('autopay', '自动还款什么时候扣款？', 'When is automatic repayment debited?', '到期日 09:00 和 18:00。', 'At 09:00 and 18:00 on the due day.', 'autopay'),
    topic('receipt', '怎么开收据？', 'How do I get a receipt?', '在还款记录里直接下载 PDF。', 'Download it in the records.', 'records'),
  ]
  return { json: { topics, phone: '400-000-0000', phone_hours_zh: '电话 09:00–18:00', phone_hours_en: 'Phone 09:00–18:00', hours: hours(w), queue_length: 2, estimate_s: 90 } satisfies S['Help'] }
})
on('GET', '/chat', ({ w }) => ({
  json: { state: w.chat.state, queue_position: w.chat.state === 'waiting' ? 1 : null, estimate_s: 60, staff_name: w.chat.state === 'assigned' ? '小周' : null, hours: hours(w), messages: w.chat.messages, has_earlier: false, read_by_customer: w.chat.read_by_customer, read_by_staff: w.chat.read_by_staff, unread: 0, last_number: w.chat.number } satisfies S['Chat'],
}))
on('POST', '/chat/messages', ({ w, body }) => {
  const known = w.chat.messages.find((x) => x.client_id === body.client_id)
  if (known) return { status: 201, json: known }
  const message: S['ChatMessage'] = { number: w.chat.number + 1, client_id: body.client_id, from: 'customer', staff_name: null, text: body.text, order_id: body.order_id ?? null, sent_at: NOW }
  w.chat.messages.push(message)
  emit(w, { kind: 'm', message })
  if (w.chat.state === 'none') {
    w.chat.state = 'assigned'
    later(300, () => emit(w, { kind: 'state', chat: { state: 'assigned', queue_position: null, estimate_s: null, staff_name: '小周' } }))
    later(500, () => emit(w, { kind: 'read', read: { by: 'staff', number: message.number } }))
    later(600, () => emit(w, { kind: 't', typing: { by: 'staff' } }))
    later(4000, () => {
      const reply: S['ChatMessage'] = { number: w.chat.number + 1, client_id: null, from: 'staff', staff_name: '小周', text: '您好，我看到您的订单了，马上为您处理。', order_id: null, sent_at: NOW }
      w.chat.messages.push(reply)
      emit(w, { kind: 'm', message: reply })
    })
  }
  return { status: 201, json: message }
})
on('POST', '/chat/read', ({ w, body }) => {
  w.chat.read_by_customer = body.number
  return { status: 204 }
})
on('POST', '/chat/typing', () => ({ status: 204 }))
on('GET', '/events', ({ w, response, request }) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const send = (event: S['Event']) => response.write(`id: ${event.number}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`)
  send({ number: w.chat.number, kind: 'hb' })
  w.listeners.add(send)
  request.on('close', () => w.listeners.delete(send))
  return undefined
})
on('GET', '/checkout/:token', ({ w, m }) => {
  const token = m[1]!
  const known = tokens.get(token) ?? { world: null, phone: '13800000004', order: order('远山相机 R2 微单套机', 699_900, 3, TODAY, 0, 0, 0, '远山影像'), state: 'open' as const }
  tokens.set(token, known)
  const mine = !!w && w.phone === known.phone
  return {
    json: {
      token, order_id: known.order.order_id, state: known.state, expires_at: '2026-11-22T18:00:00+08:00', business_date: TODAY, shop_name: known.order.shop, shop_order_no: known.order.shop_order_no, goods: known.order.goods, amount_fen: known.order.amount,
      product: { code: 'fee', name_zh: '按期付费', name_en: 'Fee each instalment', method: 'fee_per_period' }, phone_masked: '138****0004', logged_in: !!w, may_accept: mine, reading_s: 6,
      terms: [3, 6, 9, 12, 24].map((n) => costTable(known.order, n, null)), lender_zh: '分期演示消费金融', lender_en: 'Fenqi Demo Consumer Finance',
      agreement_zh: ['商户发货前可全额取消', '逾期按日计罚息，不收其他费用', '可随时提前结清，不收违约金'], agreement_en: ['Can be cancelled before delivery', 'A daily penalty when overdue, nothing else', 'Can be settled early at no cost'], return_url: 'http://127.0.0.1/shop',
    } satisfies S['Checkout'],
  }
}, 'open')
on('POST', '/checkout/:token/accept', ({ w, m, body }) => {
  const known = tokens.get(m[1]!)!
  known.state = 'accepted'
  w.orders.push(order(known.order.title, known.order.amount, body.instalment_count, '2026-12-22', 4199, 0, 0, known.order.shop))
  return { status: 201, json: { order_id: w.orders.at(-1)!.order_id, contract_id: publicNumber('K'), return_url: 'http://127.0.0.1/shop' } }
})
on('GET', '/verify/:no', ({ m, url }) => {
  const genuine = url.searchParams.get('h') === 'genuine00'
  return { json: { receipt_no: m[1], genuine, kind: genuine ? 'payment' : null, amount_fen: genuine ? 87_598 : null, paid_at: genuine ? NOW : null, payer_masked: genuine ? '林**' : null, order_title: genuine ? '华星 Nova 14 手机' : null, shop_order_no: genuine ? '20260618-7731' : null, state: genuine ? 'succeeded' : null, issued_at: genuine ? NOW : null } }
}, 'open')

const cookie = (request: IncomingMessage) => /fenqi_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''

async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const answer = (status: number, json: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', 'Cache-Control': 'no-store', ...headers })
    response.end(status === 204 ? undefined : JSON.stringify(json))
  }
  const problem = (code: string) => {
    const [status, title, title_en, detail_zh, detail_en] = TEXTS[code] ?? TEXTS.internal!
    answer(status, { type: `/problems/${code}`, title, title_en, status, code, detail: detail_zh, detail_en, instance: 'mock' } satisfies S['Problem'])
  }
  const w = worlds.get(cookie(request))
  for (const [method, pattern, handler, open] of routes) {
    const m = request.method === method ? pattern.exec(url.pathname) : null
    if (!m) continue
    if (!open && !w) return problem('not_logged_in')
    if (!open && method !== 'GET' && request.headers['x-csrf-token'] !== 'mock-token') return problem('csrf_invalid')
    try {
      const body = await bodyOf(request)
      const key = request.headers['idempotency-key']
      if (typeof key === 'string' && w) {
        const kept = w.answers.get(key)
        if (kept) return kept.body === JSON.stringify(body) ? answer(kept.status, kept.json) : problem('idempotency_key_reused')
      }
      const got = handler({ w: w!, m, body, url, request, response })
      if (!got) return
      if (typeof key === 'string' && w) w.answers.set(key, { body: JSON.stringify(body), status: got.status ?? 200, json: got.json })
      if (got.raw !== undefined) {
        response.writeHead(200, { 'Content-Type': got.type! })
        response.end(got.raw)
        return
      }
      return answer(got.status ?? 200, got.json, got.headers)
    } catch (error) {
      if (error instanceof Refuse) return problem(error.message)
      console.error(error)
      return problem('internal')
    }
  }
  problem('not_found')
}

function cashier(request: IncomingMessage, response: ServerResponse, url: URL): void {
  const id = url.searchParams.get('payment') ?? ''
  const w = worlds.get(cookie(request))
  const p = w?.payments.get(id)
  if (url.pathname.endsWith('/approve') || url.pathname.endsWith('/reject')) {
    if (w && p) finish(w, p, url.pathname.endsWith('/approve') ? 'succeeded' : 'failed')
    response.writeHead(303, { Location: `/payments/${id}` }).end()
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><title>mock cashier</title><p><a href="/mock/cashier/approve?payment=${id}">同意支付</a> <a href="/mock/cashier/reject?payment=${id}">拒绝</a></p>`)
}

function file(response: ServerResponse, request: IncomingMessage, path: string): void {
  const clean = normalize(path).replace(/^(\.\.[/\\])+/, '')
  if (clean.startsWith('/assets/') && !existsSync(join(DIST, clean))) {
    response.writeHead(404).end()
    return
  }
  const real = existsSync(join(DIST, clean)) && /\.\w+$/.test(clean) ? clean : '/index.html'
  const type = TYPES[real.split('.').at(-1)!] ?? 'application/octet-stream'
  const packed = existsSync(join(DIST, `${real}.br`)) && String(request.headers['accept-encoding']).includes('br')
  response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': real.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache', ...(packed ? { 'Content-Encoding': 'br' } : {}) })
  response.end(readFileSync(join(DIST, packed ? `${real}.br` : real)))
}

export async function startMock(port = 0): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://mock')
    if (url.pathname.startsWith('/api/')) void api(request, response, url)
    else if (url.pathname === '/mock/unknown-card') {
      const w = worlds.get(cookie(request))
      w?.sources.push(card(ICBC, '0003'))
      response.writeHead(204).end()
    } else if (url.pathname.startsWith('/mock/cashier')) cashier(request, response, url)
    else file(response, request, url.pathname)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return { url: `http://127.0.0.1:${address.port}`, server }
}
