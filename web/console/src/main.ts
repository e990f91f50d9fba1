// The staff console: start the language, the kit and the router.
import { createApp } from 'vue'
import App from './App.vue'
import './kit'
import { router } from './router'
import './styles.css'
import { startLanguage } from './texts'

startLanguage()
createApp(App).use(router).mount('#app')
