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
