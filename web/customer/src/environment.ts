// What this browser can do with a payment method.
import type { Schemas } from '@fenqi/api'

type Option = Schemas['PaymentMethodOption']

/** WeChat's own browser cannot start an H5 payment. */
export const inWeChat = /MicroMessenger/i.test(navigator.userAgent)

const touch = matchMedia('(pointer: coarse)').matches

/** The server's order, but a QR code comes last on a phone and a jump to WeChat last on a desk. */
export function methodOrder(options: readonly Option[]): Option[] {
  const last = touch ? 'wechat_native' : 'wechat_h5'
  return [...options.filter((o) => o.method.kind !== last), ...options.filter((o) => o.method.kind === last)]
}

const GO = 'fenqi-go'

/** This tab has just begun a payment on the provider's page: go there once, as soon as it is known. */
export function rememberToGo(payment_id: string): void {
  try {
    sessionStorage.setItem(GO, payment_id)
  } catch {
    // without storage the customer taps the button instead
  }
}

/** Whether to go to the provider's page now; true only the first time. */
export function takeToGo(payment_id: string): boolean {
  try {
    if (sessionStorage.getItem(GO) !== payment_id) return false
    sessionStorage.removeItem(GO)
    return true
  } catch {
    return false
  }
}
