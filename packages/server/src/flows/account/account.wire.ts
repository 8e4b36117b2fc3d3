import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component } from '../../kernel/component.js'

/** A picture that was uploaded, and the name of its file. */
export interface UploadedImage {
  id: string
  name: string
}

const schema = component(
  'Image',
  z.object({ object: z.literal('image'), id: z.string(), name: z.string(), public_url: z.string() }),
)

export const uploadedImage = {
  schema,
  toJSON: ({ id, name }: UploadedImage, { publicUrl }: WireContext): z.output<typeof schema> => ({
    object: 'image',
    id,
    name,
    public_url: `${publicUrl()}/images/${id}`,
  }),
}
