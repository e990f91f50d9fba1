// Build of the customer app: hashed files under assets/, one style sheet, nothing inline. What a first
// visit needs is one script; the other pages come when they are opened.
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { serviceWorker } from './service-worker'

const server = process.env.FENQI_BASE_URL ?? 'http://127.0.0.1:8080'

// shared by many pages and small: better in the one script than as requests of their own
const CORE = /node_modules|plugin-vue:export-helper|vite\/|rolldown\/|packages\/(api|money|i18n\/(index|zh-core)|kit(?!\/(TextField|CodeField)))|src\/(main|App|api|load|live|router)|src\/parts\/(?!CostTableView|PlanRow)|src\/pages\/OrdersPage/
const MORE = /i18n\/zh-more|kit\/(TextField|CodeField)|pages\/LoginPage/

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false, prodDevtools: false, prodHydrationMismatchDetails: false } }), serviceWorker(fileURLToPath(new URL('sw.tpl.js', import.meta.url)))],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'app', test: CORE }, { name: 'more', test: MORE }] } },
    },
  },
  server: { proxy: { '/api': server } },
})
