// Before all tests: the address of the server, the mock's when no real one is named, and who can be
// logged in as.
import { demoLogins, mockLogins } from './logins'
import { startMock } from './mock/server'

export default async function setup(): Promise<void | (() => Promise<void>)> {
  const real = process.env.FENQI_BASE_URL
  if (real) {
    process.env.FENQI_LOGINS = JSON.stringify(await demoLogins(real, process.env.FENQI_DEMO_LOGINS))
    return
  }
  const { url, server } = await startMock()
  process.env.FENQI_MOCK_URL = url
  process.env.FENQI_LOGINS = JSON.stringify(mockLogins)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
