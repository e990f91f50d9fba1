// The console's journeys against a real server: log in, answer a chat while the customer looks on,
// find a customer, decide an extension, run the day-end.
import { baseURL, credentials, expect, newCustomer, overdueCustomer, test, watch } from './staff'

test('logs in by keyboard, comes back to where it was, logs out', async ({ staff: s, page }) => {
  const { login, password } = credentials('agent')
  await page.goto('/console/extensions')
  await expect(page.getByLabel('工号')).toBeFocused()
  await s.axe('log in')
  await s.shot('login')
  await page.keyboard.type(login)
  await page.keyboard.press('Tab')
  await page.keyboard.type('not-the-password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
  await s.axe('log in refused')
  await s.shot('login-refused')
  await page.getByLabel('密码').fill(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '延期申请' })).toBeVisible()
  await page.getByRole('button', { name: '退出' }).click()
  await expect(page.getByLabel('工号')).toBeVisible()
  await page.goto('/console/inbox')
  await expect(page.getByLabel('工号')).toBeVisible()
})

test('answers a chat while the customer looks on', async ({ staff: s, page, browser, wrong }) => {
  const customer = await newCustomer(browser, '宋知夏')
  watch(customer.page, wrong)
  await s.logIn('agent')
  let requests = 0
  page.on('request', (request) => void (request.resourceType() !== 'eventsource' && requests++))
  await s.open('/inbox')
  await expect(page.getByRole('region', { name: '会话' })).toBeVisible()
  expect(requests, 'requests to the first data').toBeLessThanOrEqual(9)

  // the customer writes; the inbox hears it without being asked
  await customer.page.goto('/chat')
  const theirBox = customer.page.getByRole('textbox', { name: '输入消息' })
  await theirBox.fill('你好，还款日可以改吗？')
  await customer.page.getByRole('button', { name: '发送' }).tap()
  const row = page.getByRole('button', { name: /\*知夏/ }).first()
  await expect(row).toContainText('还款日可以改吗')
  await expect(row).toContainText('等待中')
  await expect(page).toHaveTitle(/^\(\d+\)/)

  // three clicks: open, take, send
  await row.click()
  const log = page.getByRole('log')
  await expect(log).toContainText('还款日可以改吗')
  await page.getByRole('button', { name: '由我处理' }).click()
  const box = page.getByRole('textbox', { name: /输入回复/ })
  await box.pressSequentially('您好，')
  await expect(customer.page.getByText('客服正在输入…')).toBeVisible()
  await box.pressSequentially('可以申请延期。')
  await box.press('Control+Enter')
  await expect(box).toHaveValue('')
  const theirs = customer.page.locator('.bubble:not(.mine)')
  await expect(theirs).toHaveText('您好，可以申请延期。')
  await expect(customer.page.locator('.bubble-note.mine')).toContainText('已读')
  await expect(log.getByText('已读')).toBeVisible()
  // told at most every few seconds
  await expect(async () => {
    await theirBox.pressSequentially('好')
    await expect(page.getByText('对方正在输入…')).toBeVisible({ timeout: 500 })
  }).toPass()
  await s.axe('a chat')

  // a note stays inside
  await page.getByLabel('内部备注').check()
  await page.getByRole('textbox', { name: /内部备注/ }).fill('客户想改还款日')
  await page.getByRole('button', { name: '发送' }).click()
  await expect(log.locator('.note')).toContainText('客户想改还款日')
  await s.shot('chat')
  await customer.page.reload()
  await expect(theirs).toHaveCount(1)
  await expect(customer.page.getByText('客户想改还款日')).toHaveCount(0)

  // closed, and opened again by the next message
  await page.getByRole('button', { name: '结束会话' }).click()
  await expect(row).toContainText('已结束')
  await theirBox.fill('还有一个问题')
  await customer.page.getByRole('button', { name: '发送' }).tap()
  await expect(log).toContainText('还有一个问题')
  await expect(row).toContainText('等待中')
  await customer.context.close()
})

test('finds a customer by phone and by number, from the keyboard', async ({ staff: s, page }) => {
  const logins = JSON.parse(process.env.FENQI_LOGINS ?? '[]') as { phone: string; states: string[] }[]
  const { phone } = logins.find((login) => login.states.includes('overdue'))!
  await s.logIn('collector')
  await s.open('/inbox')
  await page.keyboard.press('/')
  await page.keyboard.type(phone)
  await page.keyboard.press('Enter')
  const side = page.getByRole('complementary', { name: '客户' })
  await expect(side).toContainText(`${phone.slice(0, 3)}****${phone.slice(-4)}`)
  await expect(side).toContainText(/逾期 \d+ 天/)
  await s.axe('a customer')
  await s.shot('customer')
  const found = await page.request.get(`/api/v1/staff/search?q=${phone}`)
  const { items } = (await found.json()) as { items: { customer_id: string }[] }
  const whole = (await (await page.request.get(`/api/v1/staff/customers/${items[0]!.customer_id}`)).json()) as { orders: { order_id: string; title: string }[] }
  const search = page.getByRole('search').getByRole('textbox')
  await search.fill(whole.orders[0]!.order_id.toLowerCase())
  await search.press('Enter')
  await expect(side).toContainText(whole.orders[0]!.title)
  await search.fill('19812345678')
  await search.press('Enter')
  await expect(page.getByRole('search')).toContainText('没有找到')
  await s.axe('nothing found')
  // a customer who never wrote can be written to
  await expect(page.getByRole('textbox', { name: /输入回复/ })).toBeVisible()
})

test('decides extensions; who may not decide sees no button', async ({ staff: s, page, browser, wrong }) => {
  const customer = await overdueCustomer(browser)
  watch(customer.page, wrong)
  const list = (await (await customer.page.request.get('/api/v1/orders')).json()) as { due_soon: { order_id: string; state: string }[] }
  const order = list.due_soon.find((o) => o.state === 'overdue')!
  async function ask(): Promise<void> {
    await customer.page.goto(`/orders/${order.order_id}/extension`)
    await customer.page.locator('label.chip').first().tap()
    await customer.page.getByRole('button', { name: /提交申请/ }).tap()
    await expect(customer.page.getByText('审核中').first()).toBeVisible()
  }

  // an agent sees the request, live, and cannot decide
  await s.logIn('agent')
  await s.open('/extensions')
  await expect(page.getByRole('heading', { name: '延期申请' })).toBeVisible()
  const rows = page.locator('tbody tr')
  await expect(page.getByText('待审').first()).toBeVisible()
  const others = await rows.count()
  await ask()
  await expect(rows).toHaveCount(others + 1)
  await expect(page.getByRole('button', { name: '审批' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: '日终' })).toHaveCount(0)

  // a reviewer rejects by keyboard, with words that the customer reads
  await s.logIn('reviewer')
  await s.open('/extensions')
  await expect(rows).toHaveCount(others + 1)
  await s.axe('extensions')
  await s.shot('extensions')
  await rows.last().getByRole('button', { name: '审批' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('→')
  await s.axe('the decision')
  await s.shot('decision')
  await expect(dialog.getByRole('button', { name: '不通过' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('请先还清第一期')
  await dialog.getByRole('button', { name: '不通过' }).press('Enter')
  await expect(rows).toHaveCount(others)
  await customer.page.reload()
  await expect(customer.page.getByText('请先还清第一期').first()).toBeVisible()

  // asked again, approved in two clicks
  await ask()
  await expect(rows).toHaveCount(others + 1)
  await rows.last().getByRole('button', { name: '审批' }).click()
  await dialog.getByRole('button', { name: '通过', exact: true }).click()
  await expect(rows).toHaveCount(others)
  await customer.page.reload()
  await expect(customer.page.getByText('已同意').first()).toBeVisible()
  await customer.context.close()
  await page.getByText('已通过', { exact: true }).click()
  await expect(rows.first()).toBeVisible()
  await s.shot('extensions-approved')
})

test('every screen is clean in both languages, at 1280 and at 1024', async ({ staff: s, page }) => {
  await s.logIn('admin')
  for (const language of ['zh', 'en'] as const) {
    for (const width of [1280, 1024]) {
      await page.setViewportSize({ width, height: 800 })
      for (const name of ['inbox', 'extensions', 'day-end']) {
        await s.open(`/${name}`)
        if (language === 'en' && (await page.locator('html').getAttribute('lang')) !== 'en') await page.getByRole('button', { name: 'English' }).click()
        await page.waitForLoadState('domcontentloaded')
        await expect(page.locator('main')).toBeVisible()
        await s.axe(`${name}, ${language}, ${width}`)
        await s.fits(`${name}, ${language}, ${width}`)
        await s.shot(`${name}-${language}-${width}`)
      }
    }
  }
})

test('runs the day-end; a reviewer only looks', async ({ staff: s, page, browser }) => {
  const reviewer = await browser.newContext({ baseURL: baseURL(), locale: 'zh-CN' })
  const second = await reviewer.newPage()
  const done = await second.request.post('/api/v1/staff/sessions', { data: { ...credentials('reviewer'), role: undefined } })
  expect(done.status()).toBe(201)
  await second.goto('/console/day-end')
  await expect(second.getByText('日终由管理员运行')).toBeVisible()
  await expect(second.getByRole('button', { name: '运行' })).toHaveCount(0)

  await s.logIn('admin')
  await s.open('/day-end')
  const header = page.getByRole('banner')
  const today = /\d{4}-\d\d-\d\d/.exec((await header.textContent()) ?? '')![0]
  const field = page.getByLabel('运行日终到')
  await expect(field).not.toHaveValue('')
  const next = await field.inputValue()
  expect(Date.parse(next) - Date.parse(today)).toBe(86_400_000)
  await page.getByRole('button', { name: '运行', exact: true }).click()
  const row = page.locator('tbody tr').filter({ hasText: next })
  await expect(row).toContainText('完成', { timeout: 90_000 })
  await expect(header).toContainText(next)
  await s.axe('after the day-end')
  await s.shot('day-end-done')
  // the other one's screen followed by itself
  await expect(second.locator('tbody tr').filter({ hasText: next })).toContainText('完成')
  await reviewer.close()
})
