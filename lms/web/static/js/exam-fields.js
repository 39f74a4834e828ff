/** The fields of a question on a paper, named without the prefix of its place. */

const prefixOf = (section) => `p${section.dataset.examQuestion}-`;
const isTicked = ({ type }) => type === "radio" || type === "checkbox";

export function fieldsOf(section) {
  return Array.from(section.querySelectorAll("input, select, textarea"));
}

/** What is given: each name with its values. */
export function read(section) {
  const told = {};
  fieldsOf(section).forEach((field) => {
    const name = field.name.slice(prefixOf(section).length);
    told[name] = (told[name] || []).concat(isTicked(field) && !field.checked ? [] : [field.value]);
  });
  return told;
}

/** What this phone still keeps is newer than what the server told the page, and what she has just given newer still. */
export function restore(section, kept, early) {
  fieldsOf(section).filter(({ name }) => early.indexOf(name) < 0).forEach((field) => {
    const values = kept[field.name.slice(prefixOf(section).length)] || [];
    if (isTicked(field)) field.checked = values.indexOf(field.value) >= 0;
    else field.value = values[0] || "";
  });
}
