// The operations of the API, drawn by the bundled reader. A signed-in person tries them with their session.
const place = document.getElementById("operations");

function csrf() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
}

function withToken(request) {
  const own = new URL(request.url, location.href).origin === location.origin;
  if (own && csrf()) request.headers["X-CSRFToken"] = csrf();
  return request;
}

if (place && window.SwaggerUIBundle) {
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    requestInterceptor: withToken,
  });
}
