// What a class of ours is called wherever one of its objects is printed, and that nobody changes what its objects do.

/**
 * Gives a class its name for good, also where a bundler renames it, and closes it: its prototype is frozen, so that an
 * object that is frozen has its methods from there, and no object leads to the class itself. To be called when the
 * prototype has all of its methods.
 */
export function nameClass(made: abstract new (...given: never[]) => object, name: string): void {
  const { prototype }: { prototype: object } = made
  const named = (value: unknown): PropertyDescriptor => ({ value })
  function constructor(): never {
    throw new TypeError(`a ${name} is made by its policy`)
  }
  constructor.prototype = prototype
  Object.defineProperties(constructor, { name: named(name) })
  Object.defineProperty(made, 'name', named(name))
  Object.defineProperties(prototype, {
    constructor: named(constructor),
    [Symbol.toStringTag]: named(name)
  })
  Object.freeze(prototype)
}
