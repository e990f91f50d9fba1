// Every screen: stands up without an accessibility violation, does not scroll sideways at 390 px,
// 320 px and with text at 200 %, in both languages, light and dark.
import { Customer, expect, test } from './journey'

interface Screen {
  name: string
  as: '01' | '02' | '03' | null
  path: string | ((c: Customer) => Promise<string>)
  ready?: string | RegExp
}

async function firstOrder(c: Customer, state: string): Promise<string> {
  const page = (await (await c.page.request.get(`/api/v1/orders?state=${state}`)).json()) as { items: { order_id: string }[] }
  expect(page.items.length, `an order that is ${state}`).toBeGreaterThan(0)
  return page.items[0]!.order_id
}

const screens: Screen[] = [
  { name: 'login', as: null, path: '/login' },
  { name: 'register', as: null, path: '/register' },
  { name: 'terms', as: null, path: '/terms' },
  { name: 'verify', as: null, path: '/verify/P00000MOCK000000000000000001?h=genuine00' },
  { name: 'verify-false', as: null, path: '/verify/P00000MOCK000000000000000001?h=wrong0000' },
  { name: 'checkout-out', as: null, path: '/checkout/tokentokentoken01' },
  { name: 'demo', as: null, path: '/demo' },
  { name: 'lost', as: null, path: '/nowhere' },
  { name: 'orders', as: '01', path: '/' },
  { name: 'orders-calm', as: '03', path: '/' },
  { name: 'order-overdue', as: '01', path: async (c) => `/orders/${await firstOrder(c, 'overdue')}` },
  { name: 'order-due', as: '01', path: async (c) => `/orders/${await firstOrder(c, 'due')}` },
  { name: 'order-settled', as: '01', path: async (c) => `/orders/${await firstOrder(c, 'settled')}` },
  { name: 'order-refunded', as: '01', path: async (c) => `/orders/${await firstOrder(c, 'refunded')}` },
  { name: 'overdue', as: '02', path: async (c) => `/orders/${await firstOrder(c, 'overdue')}/overdue` },
  { name: 'extension', as: '02', path: async (c) => `/orders/${await firstOrder(c, 'overdue')}/extension` },
  { name: 'pay', as: '01', path: '/pay?kind=all_orders' },
  { name: 'pay-settle', as: '01', path: async (c) => `/pay?kind=settle&orders=${await firstOrder(c, 'overdue')}` },
  { name: 'pay-amount', as: '01', path: async (c) => `/pay?kind=amount&amount=20000&orders=${await firstOrder(c, 'overdue')}` },
  { name: 'records', as: '01', path: '/records' },
  { name: 'autopay-off', as: '03', path: '/autopay' },
  { name: 'cards', as: '01', path: '/cards' },
  { name: 'bind', as: '01', path: '/cards/new' },
  { name: 'help', as: '01', path: '/help' },
  { name: 'chat', as: '01', path: '/chat' },
  { name: 'me', as: '01', path: '/me' },
  { name: 'sessions', as: '01', path: '/me/sessions' },
  { name: 'password', as: '01', path: '/me/password' },
  { name: 'notices', as: '01', path: '/notices' },
]

async function logInAs(c: Customer, tail: string): Promise<void> {
  const phone = `138000000${tail}`
  await c.page.request.post('/api/v1/account/codes', { data: { phone, purpose: 'login' } })
  const done = await c.page.request.post('/api/v1/account/sessions', { data: { phone, code: await c.code(phone) } })
  expect(done.status()).toBe(201)
}

for (const screen of screens) {
  test(`screen ${screen.name}`, async ({ customer: c, page }) => {
    if (screen.as) await logInAs(c, screen.as)
    const path = typeof screen.path === 'string' ? screen.path : await screen.path(c)
    await c.open(path)
    await c.shot(`${screen.name}-zh`)
    await c.axe(`${screen.name} zh light`)
    await c.fits(`${screen.name} 390`)

    await page.emulateMedia({ colorScheme: 'dark' })
    await c.shot(`${screen.name}-dark`)
    await c.axe(`${screen.name} zh dark`)
    await page.emulateMedia({ colorScheme: 'light' })

    await page.setViewportSize({ width: 320, height: 700 })
    await c.fits(`${screen.name} 320`)
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    await c.fits(`${screen.name} 320 at 200 %`)
    await c.shot(`${screen.name}-320-200`)
    await page.evaluate(() => (document.documentElement.style.fontSize = ''))
    await page.setViewportSize({ width: 390, height: 844 })

    await page.evaluate(() => localStorage.setItem('fenqi-language', 'en'))
    await c.open(path)
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await c.shot(`${screen.name}-en`)
    await c.axe(`${screen.name} en`)
    await c.fits(`${screen.name} en`)
    const text = await page.locator('main, header, nav, .actionbar').allInnerTexts()
    expect(text.join(' '), 'no raw text key').not.toMatch(/\b[a-z]+\.[a-z]+_[a-z_]+\b/)
  })
}
