// Made by `make bundles` from the modules in the folders called js: change those, never this file.
var h=globalThis,l=h[Symbol.for("latent-address")]??={session:null,address:null};function b(i,e){let o=[...i].filter(([t])=>t.startsWith("embed"));return`?${e}${o.length?`&${new URLSearchParams(o)}`:""}`}function g({search:i,path:e,step:o}){let t=new URLSearchParams(location.search),s=b(t,i);if(Number(o)!==(h.latentSteps?.count??0)||location.pathname.replace(/\/+$/,"").split("/").at(-1)!==e||s===location.search)return;let a=t.get("model"),f=a!==null&&a!==new URLSearchParams(i).get("model");history[f?"pushState":"replaceState"](history.state,"",`${location.pathname}${s}${location.hash}`)}function d(i){let{session:e}=l;i!==l.address&&(Object.assign(l,{session:i.session,address:i}),e!==null&&e!==i.session?window.dispatchEvent(new PopStateEvent("popstate",{state:history.state})):g(i))}var p=`:host { display: block; }
.copy, .close { font: inherit; color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  cursor: pointer; }
.copy { display: inline-flex; align-items: center; gap: .45em; min-height: 2.25rem; padding: 0 .85em; white-space: nowrap; }
.copy::before { content: ""; width: 1.05em; height: 1.05em; background: currentColor; mask: var(--chain) center / contain no-repeat;
  --chain: url('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="%23000" stroke-width="2.2" stroke-linecap="round"><path d="M10 14a4.5 4.5 0 0 0 6.4 0l3.2-3.2a4.5 4.5 0 0 0-6.4-6.4L12 5.6"/><path d="M14 10a4.5 4.5 0 0 0-6.4 0l-3.2 3.2a4.5 4.5 0 0 0 6.4 6.4L12 18.4"/></svg>'); }
@media (max-width: 640px) {
  .copy { width: 2.6rem; height: 2.6rem; padding: 0; justify-content: center; font-size: 0; }
  .copy::before { font-size: 1.1rem; }
}
.copy:hover, .close:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.copy:focus-visible, .close:focus-visible, input:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
[popover] { position: fixed; inset: auto; margin: 0; box-sizing: border-box; width: min(19rem, calc(100vw - 12px)); padding: 1rem;
  color: var(--st-text-color); background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: calc(1.5 * var(--st-base-radius)); box-shadow: 0 8px 28px #0004; font-size: 1rem; }
.head { display: flex; align-items: center; justify-content: space-between; gap: .5rem; margin-bottom: .6rem; }
.status { font-weight: 600; line-height: 1.3; }
.close { width: 2rem; height: 2rem; flex: none; border-color: transparent; font-size: 1.2em; line-height: 1; }
input { box-sizing: border-box; width: 100%; padding: .4rem .6rem; font: .9rem/1.4 var(--st-code-font, monospace); color: inherit;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  text-overflow: ellipsis; }
.code { display: grid; place-items: center; min-height: 15.5rem; margin-top: .75rem; }
img { width: 15.5rem; height: 15.5rem; border-radius: var(--st-base-radius); image-rendering: pixelated; }
[hidden] { display: none; }
.note { margin-top: .5rem; font-size: .9rem; opacity: .85; text-align: center; }
`;var r=6,u=new WeakMap;function m(i){let{parentElement:e}=i,o=u.get(e)??new c(e);u.set(e,o),o.update(i)}var c=class{ask=()=>{};words=null;constructor(e){let o=document.createElement("style");o.textContent=p,e.append(o);let t=s=>e.querySelector(s);this.button=t("button.copy"),this.panel=t("[popover]"),this.status=t(".status"),this.field=t("input"),this.picture=t("img"),this.note=t(".note"),this.close=t("button.close"),this.button.addEventListener("click",()=>this.open()),this.close.addEventListener("click",()=>this.panel.hidePopover()),this.field.addEventListener("focus",()=>this.field.select()),this.panel.addEventListener("toggle",()=>this.place()),window.addEventListener("scroll",()=>this.panel.matches(":popover-open")&&this.place(),{passive:!0,capture:!0}),window.addEventListener("resize",()=>this.panel.matches(":popover-open")&&this.place())}update({data:{words:e,link:o,code:t},setTriggerValue:s}){this.ask=s,this.words=e,this.button.textContent=this.button.title=e.copy,this.close.setAttribute("aria-label",e.close),this.picture.alt=e.scan,this.field.setAttribute("aria-label",e.copy);let n=o===this.field.value;this.picture.hidden=!n||!t,n&&t&&(this.picture.src=t),this.note.textContent=n&&o&&!t?e.long:e.scan,this.place()}async open(){this.field.value=location.href,this.picture.hidden=!0,this.panel.showPopover(),this.place(),this.ask("link",location.href);let e=await this.copy();this.words&&(this.status.textContent=e?this.words.copied:this.words.copyByHand),this.field.select()}async copy(){try{return await navigator.clipboard.writeText(location.href),!0}catch{return this.field.select(),document.execCommand("copy")}}place(){let{left:e,right:o,bottom:t}=this.button.getBoundingClientRect(),{offsetWidth:s,offsetHeight:n}=this.panel,a=Math.min(Math.max(r,o-s),innerWidth-s-r);this.panel.style.left=`${Math.max(r,e+s<innerWidth-r?e:a)}px`,this.panel.style.top=`${Math.max(r,Math.min(t+r,innerHeight-n-r))}px`}};var v=globalThis;function $(i){let e=v[Symbol.for("latent-address-queue")]??={queue:[]};e.write=({data:o})=>d(o),e.queue.splice(0).forEach(e.write),m(i)}export{$ as default};
