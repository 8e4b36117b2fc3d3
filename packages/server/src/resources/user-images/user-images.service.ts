import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { imageErrors } from '../images/images.errors.js'
import type { ImageService } from '../images/images.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'

interface UserImageOptions {
  context: InstanceContext
  userRecords: UserRecords
  images: ImageService
}

/** The profile images of users. */
export class UserImageService {
  constructor(private readonly options: UserImageOptions) {}

  /**
   * Replaces the user's profile image; the previous one is deleted.
   *
   * @throws {ApiError} 404 for an unknown user, and what `ImageService.read` throws
   */
  async set(userId: string, file: File | undefined, caller: Caller): Promise<User> {
    const { context, userRecords, images } = this.options
    await userRecords.get(userId)
    const image = await images.read(file)
    return context.transaction(caller, async (tx) => {
      await userRecords.locked(userId, tx)
      return userRecords.change(userId, { imageId: await images.replace({ userId }, image, tx) }, tx)
    })
  }

  /** @throws {ApiError} 404 `image_not_found` if the user has none */
  delete(userId: string, caller: Caller): Promise<User> {
    const { context, userRecords, images } = this.options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (user.imageId === null) throw imageErrors.notFound('The user has no profile image')
      await images.deleteAllOf({ userId }, tx)
      return userRecords.change(userId, { imageId: null }, tx)
    })
  }
}
