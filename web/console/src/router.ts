// The console's pages; everything but the log-in needs a session.
import { createRouter, createWebHistory } from 'vue-router'
import InboxPage from './pages/InboxPage.vue'
import LoginPage from './pages/LoginPage.vue'
import { resume } from './staff'

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/', redirect: '/inbox' },
    { path: '/login', component: LoginPage, meta: { open: true } },
    { path: '/inbox/:customer_id?', component: InboxPage },
    { path: '/extensions', component: () => import('./pages/ExtensionsPage.vue') },
    { path: '/day-end', component: () => import('./pages/DayEndPage.vue') },
    { path: '/:rest(.*)*', redirect: '/inbox' },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (await resume()) return true
  return { path: '/login', query: { to: to.fullPath } }
})
