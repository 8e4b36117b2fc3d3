import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import { readImage, type Image } from '../../lib/images/index.js'
import type { Tx } from '../../storage/tx.js'
import { imageErrors } from './images.errors.js'
import { ImageStore, type ImageOwner } from './images.store.js'

/** Uploaded pictures. An owner has at most one. */
export class ImageService {
  readonly #context: InstanceContext
  readonly #store: ImageStore

  constructor(context: InstanceContext) {
    this.#context = context
    this.#store = new ImageStore(context)
  }

  /**
   * Reads an upload. Decoding it takes time: call it before the transaction opens.
   *
   * @throws {ApiError} 400 `form_param_missing` without a file, 413 `image_too_large`, 400 `request_body_invalid` for a
   *   file that is not a picture, or is incomplete
   */
  async read(file: File | undefined): Promise<Image> {
    if (!file) throw imageErrors.missing()
    const result = readImage(new Uint8Array(await file.arrayBuffer()))
    if (!result.ok) throw result.reason === 'too_large' ? errors.imageTooLarge() : imageErrors.typeNotSupported()
    if (!(await this.#context.imageTransformer.isReadable(result.image))) throw imageErrors.unreadable()
    return result.image
  }

  /**
   * Keeps the picture as the owner's only one.
   *
   * @returns its id
   */
  async replace(owner: ImageOwner, { data, type }: Image, tx: Tx): Promise<string> {
    const image = (await this.#store.create({ ...owner, contentType: type, content: data }, tx))!
    await this.#store.deleteOthersOf(owner, image.id, tx)
    return image.id
  }

  /**
   * Makes a picture of the instance the owner's only one. A picture of another owner is copied, since it is deleted
   * together with that owner.
   *
   * @returns the id of the owner's own picture
   * @throws {ApiError} 422 `form_resource_not_found`
   */
  async adopt(owner: ImageOwner, imageId: string, tx: Tx): Promise<string> {
    const { ids, clock } = this.#context
    const isOwn = await this.#store.isOf(owner, imageId, tx)
    if (isOwn === undefined) throw errors.formResourceNotFound('profile_image_id', imageId)
    const id = isOwn ? imageId : ids.next('img')
    if (!isOwn) await this.#store.copy(imageId, owner, { id, createdAt: clock.now() }, tx)
    await this.#store.deleteOthersOf(owner, id, tx)
    return id
  }

  async deleteAllOf(owner: ImageOwner, tx: Tx): Promise<void> {
    await this.#store.deleteAllOf(owner, tx)
  }
}
