// Browser tests. Without FENQI_BASE_URL they run against the contract mock, which this file's setup
// starts; with it, the same journeys run against a real server with its demo data.
import { defineConfig } from '@playwright/test'

const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
}

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './setup.ts',
  workers: Number(process.env.FENQI_E2E_WORKERS ?? 2),
  timeout: 120_000, // for slow machines; no journey needs more than a few seconds
  expect: { timeout: 10_000 },
  reporter: [['list']],
  forbidOnly: true,
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.FENQI_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'],
    },
  },
  // the fixtures of every state are the mock's
  testIgnore: process.env.FENQI_BASE_URL ? ['**/screens.spec.ts'] : [],
  projects: [
    { name: 'customer', testDir: './customer', use: phone },
    // staff's journeys need a real server with its demo shop, and move its business date
    ...(process.env.FENQI_BASE_URL ? [{ name: 'console', testDir: './console', use: { viewport: { width: 1280, height: 800 } } }] : []),
  ],
})
