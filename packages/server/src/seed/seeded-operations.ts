/** The operations of the Backend API whose results a seed file can bring about as well. */
export const seededOperations: readonly string[] = []
