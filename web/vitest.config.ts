// Unit tests of packages and pages; browser journeys live in e2e/.
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'happy-dom',
    include: ['packages/**/*.test.ts', 'customer/src/**/*.test.ts', 'console/src/**/*.test.ts'],
  },
})
