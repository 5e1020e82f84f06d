/* embedded.h - the style sheet, which travels inside the binary (made by base/embed.cmake). */
#ifndef HTML_EMBEDDED_H
#define HTML_EMBEDDED_H

extern const char embedded_style[]; // style.css

#endif
