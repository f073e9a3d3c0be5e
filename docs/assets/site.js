// The theme puts each copy button into a <nav> without a name; a button is no place to navigate to.
window.addEventListener("load", () => {
  for (const element of document.querySelectorAll(".md-code__nav")) element.setAttribute("role", "presentation")
})
