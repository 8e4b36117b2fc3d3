import { loadClerk } from './clerk.js'

// Besides the menu it keeps the cookie fresh while the page is open.
const clerk = await loadClerk()
clerk.mountUserButton(document.querySelector('#user-button'))
