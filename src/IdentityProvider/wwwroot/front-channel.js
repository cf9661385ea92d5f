// The page after signing out goes on to the application as soon as every frame has loaded, and does not wait for one that hangs.
// Without script its link does the same.
(() => {
  const go = () => location.replace(document.getElementById("logout-continue").href);
  addEventListener("load", go);
  setTimeout(go, 5000);
})();
