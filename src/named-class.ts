// Fixes the name and the prototype of a class, so that its objects print well and nobody can change their methods.

/**
 * Fixes the name of a class, so that a bundler cannot rename it, and freezes its prototype, so that nobody can change
 * the methods of its objects. Objects do not lead to the class itself: their `constructor` is a function that throws.
 * Call this once the prototype has all of its methods.
 */
export function nameClass(made: abstract new (...given: never[]) => object, name: string): void {
  const { prototype }: { prototype: object } = made
  const named = (value: unknown): PropertyDescriptor => ({ value })
  function constructor(): never {
    throw new TypeError(`cannot make a ${name.toLowerCase()} here; its policy makes them`)
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
