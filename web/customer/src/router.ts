// The pages and their addresses. The core pages come with the app, the others when they are opened.
import { loadTexts, t, type Key } from '@fenqi/i18n'
import { nextTick, type Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import OrdersPage from './pages/OrdersPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title: Key
    /** one of the four main pages: the tab bar is shown */
    tab?: true
    /** can be seen without being logged in */
    open?: true
  }
}

/** A page that comes when it is opened, together with the texts that are not in the app. */
const later = (page: () => Promise<{ default: Component }>) => () => Promise.all([page(), loadTexts()]).then(([module]) => module)

const routes: RouteRecordRaw[] = [
  { path: '/', component: OrdersPage, meta: { title: 'orders.title', tab: true } },
  { path: '/orders/:order_id', component: () => import('./pages/OrderPage.vue'), meta: { title: 'order.title' } },
  { path: '/pay', component: later(() => import('./pages/PayPage.vue')), meta: { title: 'pay.title' } },
  { path: '/payments/:payment_id', component: later(() => import('./pages/PaymentPage.vue')), meta: { title: 'payment.title' } },
  { path: '/orders/:order_id/overdue', component: later(() => import('./pages/OverduePage.vue')), meta: { title: 'overdue.title' } },
  { path: '/orders/:order_id/extension', component: later(() => import('./pages/ExtensionPage.vue')), meta: { title: 'extension.title' } },
  { path: '/records', component: later(() => import('./pages/RecordsPage.vue')), meta: { title: 'records.title', tab: true } },
  { path: '/autopay', component: later(() => import('./pages/AutopayPage.vue')), meta: { title: 'autopay.title' } },
  { path: '/cards', component: later(() => import('./pages/CardsPage.vue')), meta: { title: 'cards.title' } },
  { path: '/cards/new', component: later(() => import('./pages/BindCardPage.vue')), meta: { title: 'bind.title' } },
  { path: '/help', component: later(() => import('./pages/HelpPage.vue')), meta: { title: 'help.title', tab: true } },
  { path: '/chat', component: later(() => import('./pages/ChatPage.vue')), meta: { title: 'chat.title' } },
  { path: '/me', component: later(() => import('./pages/MePage.vue')), meta: { title: 'me.title', tab: true } },
  { path: '/me/sessions', component: later(() => import('./pages/SessionsPage.vue')), meta: { title: 'sessions.title' } },
  { path: '/me/password', component: later(() => import('./pages/PasswordPage.vue')), meta: { title: 'password.title' } },
  { path: '/notices', component: later(() => import('./pages/NoticesPage.vue')), meta: { title: 'notices.title' } },
  { path: '/login', component: later(() => import('./pages/LoginPage.vue')), meta: { title: 'login.title', open: true } },
  { path: '/register', component: later(() => import('./pages/RegisterPage.vue')), meta: { title: 'register.title', open: true } },
  { path: '/terms', component: later(() => import('./pages/TermsPage.vue')), meta: { title: 'terms.title', open: true } },
  { path: '/checkout/:token', component: later(() => import('./pages/CheckoutPage.vue')), meta: { title: 'checkout.title', open: true } },
  { path: '/verify/:receipt_no', component: later(() => import('./pages/VerifyPage.vue')), meta: { title: 'verify.title', open: true } },
  { path: '/demo', component: later(() => import('./pages/DemoPage.vue')), meta: { title: 'demo.title', open: true } },
  { path: '/:rest(.*)*', component: later(() => import('./pages/LostPage.vue')), meta: { title: 'lost.title', open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.afterEach(async (to, from) => {
  document.title = `${t(to.meta.title)} · ${t('app.name')}`
  if (to.path === from.path || from.matched.length === 0) return
  await nextTick()
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
})

// A new version has been put in place and the old files are gone: fetch the page anew.
router.onError((error: Error, to) => {
  if (/dynamically imported module|Importing a module/.test(error.message)) location.assign(to.fullPath)
})

/** To the login page, and from there back to where the customer was. */
export function goToLogin(): void {
  const here = router.currentRoute.value
  if (here.meta.open) return
  void router.replace({ path: '/login', query: here.fullPath === '/' ? {} : { next: here.fullPath } })
}

/** The page to go to after logging in: only a path of this app. */
export function nextPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
