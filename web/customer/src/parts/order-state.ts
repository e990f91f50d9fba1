// How an order's and an instalment's state is named and coloured.
import type { Schemas } from '@fenqi/api'
import type { Key } from '@fenqi/i18n'

type Tone = 'danger' | 'ok' | 'warn' | 'brand' | ''

export const orderTone: Record<Schemas['OrderState'], Tone> = {
  pending: 'warn',
  running: '',
  due: 'brand',
  overdue: 'danger',
  settled: 'ok',
  refunded: '',
  cancelled: '',
}
export const orderKey: Record<Schemas['OrderState'], Key> = {
  pending: 'state.pending',
  running: 'state.running',
  due: 'state.due',
  overdue: 'state.overdue',
  settled: 'state.settled',
  refunded: 'state.refunded',
  cancelled: 'state.cancelled',
}
type InstalmentState = Schemas['Instalment']['state']
export const instalmentTone: Record<InstalmentState, Tone> = {
  upcoming: '',
  due: 'brand',
  overdue: 'danger',
  paid: 'ok',
  cancelled: '',
}
export const instalmentKey: Record<InstalmentState, Key> = {
  upcoming: 'plan.upcoming',
  due: 'plan.due',
  overdue: 'plan.overdue',
  paid: 'plan.paid',
  cancelled: 'plan.cancelled',
}
export const paymentTone: Record<Schemas['PaymentState'], Tone> = {
  created: 'brand',
  submitted: 'brand',
  succeeded: 'ok',
  failed: 'danger',
  unknown: 'warn',
  cancelled: '',
}
export const paymentKey: Record<Schemas['PaymentState'], Key> = {
  created: 'pstate.processing',
  submitted: 'pstate.processing',
  succeeded: 'pstate.succeeded',
  failed: 'pstate.failed',
  unknown: 'pstate.unknown',
  cancelled: 'pstate.cancelled',
}
export const entryKey: Record<Schemas['PaymentEntry'], Key> = {
  payment: 'entry.payment',
  autopay: 'entry.autopay',
  refund: 'entry.refund',
}
/** still on its way: may yet succeed */
export function onItsWay(state: Schemas['PaymentState']): boolean {
  return state === 'created' || state === 'submitted' || state === 'unknown'
}
