'use server'

import { auth, clerkClient } from '@latchkey/nextjs/server'
import { revalidatePath } from 'next/cache.js'

/** A server action is an endpoint that anybody can call, so it checks by itself who is signed in. */
export async function chooseTea(form) {
  const { userId } = await auth.protect()
  const clerk = await clerkClient()
  await clerk.users.updateUserMetadata(userId, { publicMetadata: { tea: String(form.get('tea')).slice(0, 40) } })
  revalidatePath('/dashboard')
}
