import type { ImageService } from '../images/images.service.js'
import { imageErrors } from '../images/image-errors.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { User } from './user.js'
import type { UserChanges } from './user-changes.js'

/** The profile images of users. */
export class UserImageService {
  constructor(private readonly options: { context: InstanceContext; users: UserChanges; images: ImageService }) {}

  /**
   * Replaces the user's profile image; the one before is deleted.
   *
   * @throws {ApiError} 404 for an unknown user, and what `ImageService.read` throws
   */
  async set(userId: string, file: File | undefined): Promise<User> {
    const { context, users, images } = this.options
    await users.get(userId)
    const image = await images.read(file)
    return context.database.transaction(async (tx) => {
      await users.locked(userId, tx)
      return users.change(userId, { imageId: await images.replace(userId, image, tx) }, tx)
    })
  }

  /** @throws {ApiError} 404 `image_not_found` when the user has none */
  delete(userId: string): Promise<User> {
    const { context, users, images } = this.options
    return context.database.transaction(async (tx) => {
      const user = await users.locked(userId, tx)
      if (user.imageId === null) throw imageErrors.notFound()
      await images.deleteAllOf(userId, tx)
      return users.change(userId, { imageId: null }, tx)
    })
  }
}
