const signs: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

export const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? sign);
