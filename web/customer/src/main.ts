// Start of the customer app.
import '@fenqi/kit/base.css'
import { loadTexts, startLanguage } from '@fenqi/i18n'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

void startLanguage().then(() => createApp(App).use(router).mount('#app'))

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined))
}

// The pages that come next are fetched while nothing else is to be done.
const PREFETCH_DELAY_MS = 2000
addEventListener('load', () => {
  setTimeout(() => {
    void loadTexts()
    void import('./pages/OrderPage.vue')
    void import('./pages/PayPage.vue')
    void import('./pages/PaymentPage.vue')
  }, PREFETCH_DELAY_MS)
})
