// Inputs and outputs of a model as they travel from Python.

/** Grey levels in base64 as numbers in [0, 1]. @param {string} text */
export const levels = (text) => Float32Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255);

/** A picture as grey levels in base64, a point or a row as plain numbers. @param {string | number[]} sent */
export const numbersOf = (sent) => (typeof sent === "string" ? levels(sent) : Float32Array.from(sent));
