// What a class of ours is called wherever one of its objects is printed, and that nobody changes what its objects do.

/**
 * Gives a class its name for good, also where a bundler renames it, and freezes its prototype: an object that is frozen
 * has its methods from there. To be called when the prototype has all of them.
 */
export function nameClass(made: abstract new (...given: never[]) => object, name: string): void {
  Object.defineProperty(made, 'name', { value: name })
  Object.defineProperty(made.prototype, Symbol.toStringTag, { value: name })
  Object.freeze(made.prototype)
}
