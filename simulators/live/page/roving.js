// One stop of the Tab key for all of the plan: arrow keys move to what is nearest in their direction.
// Whatever has `data-roving="x,y"` takes part.

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export class Roving {
  constructor(svg) {
    this.svg = svg;
    svg.addEventListener("keydown", (event) => this.press(event));
    svg.addEventListener("focusin", (event) => this.at(event.target.closest("[data-roving]")));
  }

  begin() {
    const all = this.all();
    if (!all.some((it) => it.getAttribute("tabindex") === "0")) all[0]?.setAttribute("tabindex", "0");
  }

  all() {
    return [...this.svg.querySelectorAll("[data-roving]")];
  }

  at(element) {
    if (!element) return;
    for (const other of this.svg.querySelectorAll('[data-roving][tabindex="0"]')) other.setAttribute("tabindex", "-1");
    element.setAttribute("tabindex", "0");
  }

  press(event) {
    const here = event.target.closest("[data-roving]");
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      here.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      return;
    }
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    this.nearest(here, direction)?.focus();
  }

  nearest(here, [dx, dy]) {
    const [x, y] = placeOf(here);
    let best = null;
    let least = Infinity;
    for (const other of this.all()) {
      const [otherX, otherY] = placeOf(other);
      const ahead = (otherX - x) * dx + (otherY - y) * dy;
      const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
      if (other === here || ahead <= 0.05 || aside > 2 * ahead) continue;
      const cost = ahead + 2 * aside;
      if (cost < least) [best, least] = [other, cost];
    }
    return best;
  }
}

function placeOf(element) {
  return element.dataset.roving.split(",").map(Number);
}
