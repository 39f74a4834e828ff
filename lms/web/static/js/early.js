/** What was filled in before a page's scripts were there: a quick finger on a slow line must not lose it. */

const firstOf = (list, is) => Array.from(list).filter(is)[0];

function isEarly(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.type === "radio") return field.checked && !field.defaultChecked;
  if (field.type === "file" || field.type === "hidden" || field.type === "submit" || field.type === "button") return false;
  if (!field.options) return field.value !== field.defaultValue;
  const came = firstOf(field.options, (option) => option.defaultSelected) || field.options[0];
  return Boolean(came) && field.value !== came.value;
}

/** Those of the fields that are not as the server sent them; asked before anything else is put into them. */
export const filledEarly = (fields) => Array.from(fields).filter(isEarly);
