// How an element is made: whatever is in a text stays a text.

export function make(kind, attributes, ...children) {
  return filled(document.createElement(kind), attributes, children);
}

export function draw(kind, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", kind), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
