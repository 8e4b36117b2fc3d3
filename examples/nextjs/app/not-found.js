export default function NotFound() {
  return (
    <>
      <h1>Nothing here</h1>
      <p>
        There is no such page, or it is not for you. <a href="/">Back to the start</a>
      </p>
    </>
  )
}
