// The page of response_mode=form_post holds one form; without script its button does the same.
// Called through the prototype because a field named "submit" would hide the form's own method.
HTMLFormElement.prototype.submit.call(document.forms[0]);
