// What the console's journeys stand on: staff of the demo shop, their pages with the content security
// policy watched, axe, and a customer with a browser of their own.
import { expect, test as base, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { components } from '../../packages/api/schema'

type S = components['schemas']
export type Role = S['StaffMe']['role']

export const baseURL = (): string => process.env.FENQI_BASE_URL ?? ''
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Login and password of a role, as the demo's file says. */
export function credentials(role: Role): { login: string; password: string } {
  const { staff } = JSON.parse(readFileSync(process.env.FENQI_DEMO_LOGINS ?? '', 'utf8')) as { staff: { login: string; password: string; role: Role }[] }
  const found = staff.find((person) => person.role === role)
  expect(found, `demo staff with the role ${role}`).toBeTruthy()
  return found!
}

/** Everything that a page must not do: break the policy, throw, ask a third party. */
export function watch(page: Page, wrong: string[]): void {
  page.on('console', (message) => {
    if (/content security policy|Refused to/i.test(message.text())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(`error in the page: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(baseURL()) && !/^(data|blob|about):/.test(url)) wrong.push(`third party: ${url}`)
  })
}

export class Staff {
  constructor(readonly page: Page) {}

  /** A session without the log-in screen. */
  async logIn(role: Role): Promise<void> {
    const done = await this.page.request.post('/api/v1/staff/sessions', { data: { ...credentials(role), role: undefined } })
    expect(done.status(), await done.text()).toBe(201)
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`/console${path}`)
    await expect(this.page.getByRole('navigation')).toBeVisible()
  }

  /** No serious or critical violation of accessibility on what is shown now. */
  async axe(where: string): Promise<void> {
    // colours are judged when nothing fades any more
    await this.page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined))).then(() => undefined))
    const found = await this.page.evaluate(async (source) => {
      // run in the page through the debugger, which the content security policy does not bind
      const w = window as unknown as { axe?: { run: (node: Document, options: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }
      if (!w.axe) (0, eval)(source)
      const { violations } = await w.axe!.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
      return violations
        .filter((v) => v.impact === 'serious' || v.impact === 'critical')
        .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary ?? ''}`).join(' | ').slice(0, 900)}`)
    }, axeSource)
    expect(found, `axe on ${where}`).toEqual([])
  }

  async fits(where: string): Promise<void> {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(over, `sideways scroll on ${where}`).toBeLessThanOrEqual(0)
  }

  async shot(name: string): Promise<void> {
    if (!process.env.FENQI_SHOTS) return
    await this.page.screenshot({ path: `${process.env.FENQI_SHOTS}/console-${name}.png`, animations: 'disabled' })
  }
}

export interface Visitor {
  page: Page
  context: BrowserContext
  phone: string
}

let counter = 0

/** Somebody new with a phone of their own and a phone-sized browser, logged in. */
export async function newCustomer(browser: Browser, name: string): Promise<Visitor> {
  const phone = `166${String((Date.now() * 10 + counter++) % 100_000_000).padStart(8, '0')}`
  const visitor = await phoneBrowser(browser, phone)
  const { page } = visitor
  const sent = await page.request.post('/api/v1/account/codes', { data: { phone, purpose: 'register' } })
  expect(sent.status(), await sent.text()).toBe(202)
  const { items } = (await (await page.request.get(`/api/v1/demo/codes?phone=${phone}`)).json()) as S['DemoCodeList']
  const made = await page.request.post('/api/v1/account/register', { data: { phone, code: items[0]!.code, name, accepted_terms: true } })
  expect(made.status(), await made.text()).toBe(201)
  return visitor
}

async function phoneBrowser(browser: Browser, phone: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: baseURL(), viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', serviceWorkers: 'block' })
  return { context, page: await context.newPage(), phone }
}

/** A demo customer who can ask for an extension. */
export async function overdueCustomer(browser: Browser): Promise<Visitor> {
  const logins = JSON.parse(process.env.FENQI_LOGINS ?? '[]') as { phone: string; password: string; extensible: boolean }[]
  const found = logins.find((login) => login.extensible)
  expect(found, 'a demo customer who can ask for an extension').toBeTruthy()
  const visitor = await phoneBrowser(browser, found!.phone)
  const done = await visitor.page.request.post('/api/v1/account/sessions', { data: { phone: found!.phone, password: found!.password } })
  expect(done.status(), await done.text()).toBe(201)
  return visitor
}

export const test = base.extend<{ staff: Staff; wrong: string[] }>({
  baseURL: async ({}, use) => use(baseURL()),
  wrong: async ({}, use) => {
    const wrong: string[] = []
    await use(wrong)
    expect(wrong, 'content security policy, script errors, third parties').toEqual([])
  },
  staff: async ({ page, wrong }, use) => {
    watch(page, wrong)
    await use(new Staff(page))
  },
})
export { expect }
