// Compress the built files beforehand: NAME.br beside every text file of each app's dist/.
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const TEXT = /\.(html|js|css|svg|webmanifest|txt|json)$/

for (const app of ['customer', 'console']) {
  const root = join(import.meta.dirname, '..', app, 'dist')
  if (!existsSync(root)) continue
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXT.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const raw = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length }
    writeFileSync(`${path}.br`, brotliCompressSync(raw, { params }))
  }
}
