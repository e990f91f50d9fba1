// What the journeys stand on: the server's address, logging in as a demo customer in a wanted state,
// counting taps, watching the content security policy, axe.
import { expect, test as base, type Locator, type Page } from '@playwright/test'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { components } from '../../packages/api/schema'
import type { Login } from '../logins'

type S = components['schemas']
type State = S['OrderState']

/** a real server is under test; the mock is otherwise */
export const real = !!process.env.FENQI_BASE_URL
export const baseURL = () => process.env.FENQI_BASE_URL ?? process.env.FENQI_MOCK_URL ?? ''

interface Wanted {
  /** a state that the customer's orders must contain */
  has?: State[]
  /** at least one of these */
  any?: State[]
  not?: State[]
  overdue?: [number, number]
  also?: ('extensible' | 'card' | 'receipts')[]
  /** the journey only looks, so the customer may be shared */
  looks?: true
}

/** Take a customer for this run: true for the first who asks, in whatever process. */
function take(phone: string): boolean {
  const folder = join(test.info().project.outputDir, 'taken')
  mkdirSync(folder, { recursive: true })
  try {
    mkdirSync(join(folder, phone))
    return true
  } catch {
    return false
  }
}

export class Customer {
  taps = 0
  phone = ''
  readonly violations: string[] = []

  constructor(readonly page: Page) {}

  /** The newest one-time code of a phone, from the demo's local page. */
  async code(phone: string): Promise<string> {
    const answer = await this.page.request.get(`/api/v1/demo/codes?phone=${phone}`)
    expect(answer.ok()).toBe(true)
    const { items } = (await answer.json()) as S['DemoCodeList']
    const code = items[0]?.code
    expect(code, `a code for ${phone}`).toBeTruthy()
    return code!
  }

  /**
   * A demo customer who fits. Against a real server, where journeys leave traces, each one is taken
   * by one journey; those that only look share the last ones.
   */
  async find(wanted: Wanted): Promise<Login> {
    const logins = JSON.parse(process.env.FENQI_LOGINS ?? '[]') as Login[]
    const fitting = logins.filter(
      (login) =>
        (wanted.has ?? []).every((state) => login.states.includes(state)) &&
        (!wanted.any || wanted.any.some((state) => login.states.includes(state))) &&
        !(wanted.not ?? []).some((state) => login.states.includes(state)) &&
        (!wanted.overdue || (login.days_overdue >= wanted.overdue[0] && login.days_overdue <= wanted.overdue[1])) &&
        (wanted.also ?? []).every((quality) => login[quality]),
    )
    const found = !real ? fitting[0] : wanted.looks ? fitting.at(-1) : fitting.find((login) => take(login.phone))
    expect(found, `a demo customer with ${JSON.stringify(wanted)}`).toBeTruthy()
    return found!
  }

  /** Log in without the screen, as the customer who was found. */
  async logIn(wanted: Wanted = {}): Promise<void> {
    const { phone, password } = await this.find(wanted)
    this.phone = phone
    if (password) return this.enter({ phone, password })
    const sent = await this.page.request.post('/api/v1/account/codes', { data: { phone, purpose: 'login' } })
    expect(sent.status(), await sent.text()).toBe(202)
    await this.enter({ phone, code: await this.code(phone) })
  }

  private async enter(data: S['LoginRequest']): Promise<void> {
    const done = await this.page.request.post('/api/v1/account/sessions', { data })
    expect(done.status(), await done.text()).toBe(201)
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path)
    await expect(this.page.locator('h1')).toBeVisible()
    await expect(this.page.locator('.bone')).toHaveCount(0)
  }

  /** One tap of a finger, counted. */
  async tap(target: Locator): Promise<void> {
    this.taps++
    await target.tap()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name })
  }

  /** No accessibility violation on what is shown now. */
  async axe(where: string): Promise<void> {
    const found = await this.page.evaluate(async (source) => {
      // run in the page through the debugger, which the content security policy does not bind
      const w = window as unknown as { axe?: { run: (node: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }
      if (!w.axe) (0, eval)(source)
      const { violations } = await w.axe!.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary ?? ''}`).join(' | ').slice(0, 600)}`)
    }, axeSource)
    expect(found, `axe on ${where}`).toEqual([])
  }

  /** Nothing sticks out sideways. */
  async fits(where: string): Promise<void> {
    const over = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth
      if (document.documentElement.scrollWidth <= width) return []
      return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1).map((e) => `${e.tagName}.${e.className} ${e.textContent?.slice(0, 40)}`).slice(0, 4)
    })
    expect(over, `sideways scroll on ${where}`).toEqual([])
  }

  /** The name by which the customer is known. */
  async name(): Promise<string> {
    return ((await (await this.page.request.get('/api/v1/account')).json()) as S['Account']).name ?? '林小满'
  }

  /** Bind a card over the interface; against the sandbox any six digits are the bank's code. */
  async bindCard(card_number: string): Promise<void> {
    const { csrf_token } = (await (await this.page.request.get('/api/v1/account')).json()) as S['Account']
    const headers = { 'X-CSRF-Token': csrf_token }
    const begun = await this.page.request.post('/api/v1/funding-sources', { headers, data: { card_number, name: await this.name(), identity_number: '11010519491231002X', phone: '13800000001' } })
    expect(begun.status(), await begun.text()).toBe(201)
    const { funding_source_id } = (await begun.json()) as S['BindCardPending']
    const done = await this.page.request.post(`/api/v1/funding-sources/${funding_source_id}/confirm`, { headers, data: { sms_code: '246810' } })
    expect(done.status(), await done.text()).toBe(200)
  }

  async shot(name: string): Promise<void> {
    if (!process.env.FENQI_SHOTS) return
    await this.page.screenshot({ path: `${process.env.FENQI_SHOTS}/${name}.png`, fullPage: true, animations: 'disabled' })
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const test = base.extend<{ customer: Customer }>({
  baseURL: async ({}, use) => use(baseURL()),
  customer: async ({ page }, use) => {
    const customer = new Customer(page)
    const strange: string[] = []
    page.on('console', (message) => {
      if (/content security policy|Refused to/i.test(message.text())) customer.violations.push(message.text())
    })
    page.on('pageerror', (error) => customer.violations.push(`error in the page: ${error.message}`))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(baseURL()) && !/^(data|blob|about):/.test(url)) strange.push(url)
    })
    await use(customer)
    // A page that is closed while it is on its way somewhere can leave Chromium hanging for minutes:
    // let each arrive first. A failed journey's page stays, for its screenshot.
    if (test.info().errors.length === 0) for (const open of page.context().pages()) await open.goto('about:blank').catch(() => open.waitForLoadState())
    expect(customer.violations, 'content security policy and script errors').toEqual([])
    if (!real) expect(strange, 'third-party requests').toEqual([])
  },
})
export { expect }
