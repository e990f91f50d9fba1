// Start of the customer app.
import '@fenqi/kit/base.css'
import { startLanguage } from '@fenqi/i18n'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

void startLanguage().then(() => createApp(App).use(router).mount('#app'))

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined))
}
