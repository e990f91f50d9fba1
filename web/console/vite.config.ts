// Build of the staff console, served under /console/: hashed files, nothing inline.
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = process.env.FENQI_BASE_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/console/',
  plugins: [vue({ features: { optionsAPI: true, prodDevtools: false, prodHydrationMismatchDetails: false } })],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': server } },
})
