/** Clerk, once its scripts have loaded; they stand before this module, so they have run. */
export async function loadClerk() {
  await window.Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor }, telemetry: false })
  return window.Clerk
}
