// Every text of the console, Chinese and English side by side: a missing one is a type error.
import { ref } from 'vue'

type Language = 'zh' | 'en'
const STORE = 'fenqi-console-language'

const texts = {
  title: ['分期 工作台', 'Fenqi console'],
  inbox: ['会话', 'Chats'],
  extensions: ['延期申请', 'Extensions'],
  day_end: ['日终', 'Day-end'],
  business_date: ['账务日期', 'Business date'],
  log_in: ['登录', 'Log in'],
  log_out: ['退出', 'Log out'],
  login: ['工号', 'Login'],
  password: ['密码', 'Password'],
  totp: ['动态码', 'One-time code'],
  totp_hint: ['此账户开启了两步验证，请输入动态码', 'This account has a second factor: enter its code'],
  language: ['English', '中文'],
  search_hint: ['手机号、订单号、还款编号（按 / ）', 'Phone, order or payment number (press /)'],
  search_none: ['没有找到', 'Nothing found'],
  filter_all: ['全部', 'All'],
  filter_mine: ['我的', 'Mine'],
  filter_waiting: ['等待中', 'Waiting'],
  filter_unread: ['未读', 'Unread'],
  filter_closed: ['已结束', 'Closed'],
  state_none: ['无会话', 'No chat'],
  state_waiting: ['等待中', 'Waiting'],
  state_assigned: ['处理中', 'Assigned'],
  state_closed: ['已结束', 'Closed'],
  waiting_for: ['已等待', 'Waiting for'],
  minutes: ['{n} 分钟', '{n} min'],
  none: ['暂无', 'None yet'],
  never_wrote: ['这位客户还没有发过消息', 'This customer has not written yet'],
  request_line: ['第 {n} 期延 {days} 天，费用 {cost}', 'Instalment {n}, {days} days, cost {cost}'],
  due_days: ['还款日', 'Due day'],
  choose_chat: ['从左边选一个会话', 'Choose a chat on the left'],
  no_chats: ['没有会话', 'No chats'],
  take: ['由我处理', 'Take it'],
  give_back: ['退回队列', 'Back to the queue'],
  close_chat: ['结束会话', 'Close'],
  write: ['输入回复，Ctrl+Enter 发送', 'Write a reply; Ctrl+Enter sends'],
  write_note: ['内部备注，客户看不到', 'Private note, the customer does not see it'],
  note: ['内部备注', 'Private note'],
  send: ['发送', 'Send'],
  earlier: ['更早的消息', 'Earlier messages'],
  typing: ['对方正在输入…', 'typing…'],
  read: ['已读', 'read'],
  customer: ['客户', 'Customer'],
  owed_now: ['现在应还', 'Owed now'],
  overdue: ['逾期', 'Overdue'],
  overdue_days: ['逾期 {n} 天', '{n} days overdue'],
  balance: ['余额', 'Balance'],
  autopay: ['自动还款', 'Automatic repayment'],
  on: ['已开启', 'on'],
  off: ['未开启', 'off'],
  orders: ['订单', 'Orders'],
  payments: ['最近还款', 'Latest payments'],
  notices: ['发出的通知', 'Notices sent'],
  left: ['剩余本金', 'Principal left'],
  paid_count: ['已还 {paid}/{all}', '{paid} of {all} paid'],
  order_pending: ['待确认', 'To confirm'],
  order_running: ['还款中', 'Running'],
  order_due: ['近期到期', 'Due soon'],
  order_overdue: ['逾期', 'Overdue'],
  order_settled: ['已结清', 'Settled'],
  order_refunded: ['已退款', 'Refunded'],
  order_cancelled: ['已取消', 'Cancelled'],
  pay_created: ['处理中', 'Processing'],
  pay_submitted: ['处理中', 'Processing'],
  pay_succeeded: ['成功', 'Paid'],
  pay_failed: ['失败', 'Failed'],
  pay_unknown: ['确认中', 'Being confirmed'],
  pay_cancelled: ['已取消', 'Cancelled'],
  request_waiting: ['待审', 'Waiting'],
  request_approved: ['已通过', 'Approved'],
  request_rejected: ['未通过', 'Rejected'],
  request_withdrawn: ['已撤回', 'Withdrawn'],
  name: ['姓名', 'Name'],
  order: ['订单', 'Order'],
  amount: ['金额', 'Amount'],
  cost: ['费用', 'Cost'],
  reason: ['理由', 'Reason'],
  earlier_extensions: ['此前延期', 'Earlier ones'],
  asked_at: ['申请时间', 'Asked at'],
  decide: ['审批', 'Decide'],
  approve: ['通过', 'Approve'],
  reject: ['不通过', 'Reject'],
  decision_note: ['给客户的说明（不通过时必填）', 'Note to the customer (needed when rejecting)'],
  decided: ['已处理', 'Decided'],
  cancel: ['取消', 'Cancel'],
  effect: ['第 {n} 期 {amount}：{from} → {to}，费用 {cost}', 'Instalment {n}, {amount}: {from} → {to}, cost {cost}'],
  run_day_end: ['运行日终到', 'Run the day-end to'],
  run: ['运行', 'Run'],
  running_to: ['正在运行到 {day}', 'Running to {day}'],
  run_safe: ['可以随时重跑：已完成的不会重复，运行时客户照常还款。', 'Safe to run again: what is done is not repeated, and customers can pay meanwhile.'],
  admins_run: ['日终由管理员运行', 'An administrator runs the day-end'],
  what_happens: ['日终对每份合同依次做', 'What the day-end does for each contract, in order'],
  step_cross: ['越过还款日，更新逾期', 'Cross due days and overdue stages'],
  step_remind: ['通知客户', 'Tell the customer'],
  step_collect: ['发起自动还款', 'Begin automatic repayments'],
  sum_of: ['{count} 笔，{amount}', '{count}, {amount}'],
  report_due: ['到期未还', 'Due'],
  report_credit: ['余额已还', 'Paid from balance'],
  report_collected: ['扣款成功', 'Debits collected'],
  report_failed: ['扣款失败', 'Debits failed'],
  report_waiting: ['扣款处理中', 'Debits on their way'],
  report_notices: ['已发通知', 'Notices'],
  report_crossed: ['逾期阶段变化', 'Overdue stages crossed'],
  report_took: ['用时', 'Took'],
  no_runs: ['还没有运行过', 'Not run yet'],
  state: ['状态', 'State'],
  run_running: ['运行中', 'Running'],
  run_done: ['完成', 'Done'],
  run_stopped: ['中断', 'Stopped'],
  contracts: ['处理合同', 'Contracts'],
  message: ['备注', 'Note'],
  day: ['日期', 'Day'],
  debits: ['自动扣款', 'Debits begun'],
  started: ['开始', 'Started'],
  finished: ['结束', 'Finished'],
  done: ['完成', 'Done'],
  failed: ['失败', 'Failed'],
  waiting: ['等待', 'Waiting'],
  more: ['更多', 'More'],
  reconnecting: ['连接中断，正在重连…', 'Connection lost, reconnecting…'],
  network: ['网络连接失败，请重试', 'No connection, please try again'],
  loading: ['加载中', 'Loading'],
} satisfies Record<string, [string, string]>

export type Text = keyof typeof texts

export const language = ref<Language>('zh')

/** The text of a key; `{name}` in it is replaced by values.name. */
export function t(key: Text, values?: Record<string, string | number>): string {
  const text = texts[key][language.value === 'zh' ? 0 : 1]
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

/** The fitting one of two texts that the server sent. */
export function pick(zh: string | null, en: string | null): string {
  return (language.value === 'zh' ? zh : en) ?? ''
}

export function setLanguage(next: Language): void {
  language.value = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(STORE, next)
  } catch {
    // the choice is forgotten, nothing else
  }
}

export function startLanguage(): void {
  try {
    if (localStorage.getItem(STORE) === 'en') setLanguage('en')
  } catch {
    // Chinese
  }
}
