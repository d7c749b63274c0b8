// The card beside the point under the pointer: its picture with hard pixels, and its class.

export class Tooltip {
  constructor(plane) {
    this.card = document.createElement("div");
    this.card.className = "card";
    this.card.hidden = true;
    this.picture = document.createElement("canvas");
    this.name = document.createElement("div");
    this.card.append(this.picture, this.name);
    plane.append(this.card);
  }

  hide() {
    if (!this.card.hidden) this.card.hidden = true;
  }

  // `thumbs` may be missing, or still being unpacked: then the name alone is shown.
  show(index, x, y, name, colour, view, thumbs, shape) {
    this.card.hidden = false;
    if (this.index !== index || this.name.textContent !== name || this.source !== thumbs) {
      this.index = index;
      this.fill(index, name, colour, thumbs, shape);
      this.size = [this.card.offsetWidth, this.card.offsetHeight];  // asks for a layout, so once a dot
    }
    const [width, height] = this.size;
    const left = x + 18 + width < view.width ? x + 18 : x - 18 - width;
    const top = Math.min(view.height - height - 4, Math.max(4, y - height / 2));
    this.card.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }

  fill(index, name, colour, thumbs, shape) {
    this.source = thumbs;
    this.picture.hidden = !thumbs;
    if (thumbs) this.paint(thumbs, shape, index);
    this.name.textContent = name;
    this.name.style.setProperty("--dot", colour);
  }

  paint(thumbs, [, height, width, channels = 1], index) {
    const times = Math.ceil(84 / height);  // whole screen pixels for each of the picture's
    Object.assign(this.picture, {width, height});
    Object.assign(this.picture.style, {width: `${times * width}px`, height: `${times * height}px`});
    const image = new ImageData(width, height), size = width * height;
    for (let i = 0, from = index * size * channels; i < size; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = thumbs[from + i * channels + (channels === 3 ? c : 0)];
      image.data[4 * i + 3] = 255;
    }
    this.picture.getContext("2d").putImageData(image, 0, 0);
  }
}
