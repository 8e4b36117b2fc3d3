import './globals.css'
import { Header } from '../components/header.js'

export const metadata = { title: 'Tea club', description: 'An example of @latchkey/nextjs' }

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <Header />
        <main>{children}</main>
      </body>
    </html>
  )
}
