/** The operations of the Backend API whose results a seed file can bring about as well; SUPPORTED.md shows them. */
export const seededOperations: readonly string[] = []
