// Before all tests: the address of the server, the mock's when no real one is named.
import { startMock } from './mock/server'

export default async function setup(): Promise<void | (() => Promise<void>)> {
  if (process.env.FENQI_BASE_URL) return
  const { url, server } = await startMock()
  process.env.FENQI_MOCK_URL = url
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
