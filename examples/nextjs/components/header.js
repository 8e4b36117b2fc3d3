export function Header() {
  return (
    <header>
      <a href="/" className="brand">
        Tea club
      </a>
      <nav>
        <a href="/dashboard">Dashboard</a>
        <a href="/account">Account</a>
        <a href="/admin">Administration</a>
      </nav>
    </header>
  )
}
